// Who is on the pages, without an account: a cookie that opens one conversation, draft, case or
// booking, and forms that only this site can have sent. Pure, but for new_start and new_id, which
// draw random bytes.
//
// The cookie is set with the answer to the first message, never before. Then nothing tells two
// presses of the same button from two visitors; so the page with the first form carries a random
// start, and the conversation's id and token are made from it: the second press finds the
// conversation of the first, in any process. Whoever has a start has the conversation, as with the
// cookie: it stands in no address, and the page is not stored.
//
// A form of another site is told by Sec-Fetch-Site, or by Origin. A browser that sends neither must
// return the form's token, made from the cookie. Without a cookie yet, such a first message is
// shown once more with one: otherwise another site could have its visitors talk in a conversation
// that it reads.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "api/turns.hpp"
#include "casework/access.hpp"
#include "http/message.hpp"

namespace parvis::portal {

// What a cookie opens. Each is sent to its own pages alone, so one name serves all of a kind.
struct Cookie {
  std::string_view name;
  std::chrono::seconds life;  // after it was last set; shorter than any retention: a screen may be
                              // shared
};
inline constexpr Cookie kTalkCookie{"conversation", std::chrono::hours(24)};
inline constexpr Cookie kDraftCookie{"demarche", std::chrono::hours(24)};
inline constexpr Cookie kCaseCookie{"dossier", std::chrono::hours(12)};
// What is left of a draft's once it is deposited: a second press and the Back button find the case.
inline constexpr Cookie kDepositedCookie{kDraftCookie.name, casework::kDepositedLately};
// Of the browser that asked for a link into a case: for as long as the mail may take, and the link.
inline constexpr Cookie kAskCookie{"suivi", casework::kAskLife + casework::kLinkLife};
inline constexpr Cookie kBookingCookie{"rendez-vous", std::chrono::hours(12)};
inline constexpr Cookie kWaitingCookie{"attente", std::chrono::hours(12)};
// Where the conversation is from which a draft came: the slug of its commune, kNoCommune, or
// kOtherWindow.
inline constexpr Cookie kBackCookie{"retour", std::chrono::hours(24)};
inline constexpr std::string_view kNoCommune = "-", kOtherWindow = ".";

std::string new_start();  // 64 hexadecimal digits
std::string new_id();     // of a message
bool start_like(std::string_view text);
api::Visit visit_from(std::string_view start);
// An id and a token, as visit_from makes them.
bool visit_like(const api::Visit& visit);
// The last part of a personal link's path, and what it opens; nothing when it is none of ours.
std::string link_key(const api::Visit& visit);
std::optional<api::Visit> visit_of_link(std::string_view key);

// What the cookie says; nothing when there is none or it is none of ours.
std::optional<api::Visit> visit_in(const http::Request& request,
                                   const Cookie& cookie = kTalkCookie);
// As Set-Cookie, for the pages under `path`. Secure when the browser says that it speaks to us by
// https (Origin), or the proxy does (X-Forwarded-Proto).
std::string cookie_of(const api::Visit& visit, std::string_view path, const http::Request& request,
                      const Cookie& cookie = kTalkCookie);
// A cookie that holds a word, which is a slug or one of the signs above; empty when it is neither.
std::string word_in(const http::Request& request, const Cookie& cookie);
std::string word_cookie(std::string_view word, std::string_view path, const http::Request& request,
                        const Cookie& cookie);
// What the browser that asks for a link is known by; empty when it has none of ours.
std::string browser_in(const http::Request& request);
std::string browser_cookie(std::string_view browser, const http::Request& request);
std::string no_cookie(std::string_view path, const Cookie& cookie = kTalkCookie);
// Where the browser finds this site: "https://ville.example".
std::string origin_of(const http::Request& request);

std::string form_token(const api::Visit& visit);
enum class Sender { this_site, other_site, not_said };
Sender sender_of(const http::Request& request);

// Whether a form may do what it asks. token, start: what it carries; either may be empty. visit:
// what the request's cookie says. to_confirm: a form that begins something, of a sender that is not
// said; it is shown once more, with a cookie made of a fresh start that it then carries.
enum class Trust { full, to_confirm, none };
Trust trust_in(const http::Request& request, std::string_view token, std::string_view start,
               const std::optional<api::Visit>& visit);

}  // namespace parvis::portal
