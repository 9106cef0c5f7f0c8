// The ways of a citizen, who has no account, into their deposited case: a link that is sent to the
// e-mail address of the case, a code that is printed for who has none, and the browser that has
// just deposited. Each opens a session: one case, in one browser, for a while. Nothing that lies in
// a mailbox or in an address opens a case twice, or later than some minutes.
//
// A link is tied to the browser that asked for it, by a secret in its cookie. In any other it asks
// for the six digits that the first one shows: the mail may be read on a phone, and whoever steals
// it alone has nothing. Programs that read mail open links, so to look at one uses nothing up.
//
// What is said to whoever asks hangs on nothing that a stranger could learn: whether there is such
// a case is looked up by a job (make_link), and a code is judged the same way, at the same cost,
// and counted, for a reference that nobody has.
//
// Links and tokens of sessions are stored as their SHA-256, which needs no salt and no slowness for
// 256 random bits. Thread-safe. Besides what each says: the errors of the database.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/sensitive.hpp"
#include "casework/case_store.hpp"
#include "db/database.hpp"
#include "tenancy/context.hpp"
#include "vault/keyring.hpp"

namespace parvis::casework {

inline constexpr std::chrono::minutes kLinkLife{10};  // from the moment that its mail goes
inline constexpr std::chrono::hours kAskLife{1};      // an answer that mail holds up longer is lost
inline constexpr std::int64_t kCodeTries = 5;         // wrong codes, of one link
// Of a case, in kAskLife: so that strangers cannot fill a mailbox. Those of who names the address
// count apart: knowing a reference alone takes nothing from them.
inline constexpr std::int64_t kLinksNamed = 6, kLinksUnnamed = 3;
inline constexpr std::chrono::minutes kSessionIdle{60};
inline constexpr std::chrono::hours kSessionLife{12};
inline constexpr std::chrono::minutes kSessionGrain{1};  // between two notes of when it was used
inline constexpr std::size_t kSessionsMax = 20;          // of a case; the oldest goes
// 12 signs of 5 bits; of those that are easily taken for another (I L O U) none. With so few wrong
// ones, an hour and a case, guessing for a year finds one of 10^12.
inline constexpr std::size_t kPaperSigns = 12;
inline constexpr std::int64_t kPaperTries = 10;
inline constexpr std::chrono::hours kPaperPause{1};
// What a draft was filled in with opens its case for so long after the deposit: a second press, a
// second window and the Back button find the case.
inline constexpr std::chrono::minutes kDepositedLately{10};

// Whoever asks for a link, on a page or in a conversation.
struct LinkAsked {
  std::string reference;             // as it is written (read_reference)
  std::optional<std::string> email;  // nothing: wherever the case says
  std::string browser;               // a secret of theirs, 64 hexadecimal digits
};
std::string new_browser();
bool browser_like(std::string_view text);
std::string browser_hash(std::string_view browser);
// The six digits that this browser shows for that reference, whether there is a case or not.
std::string code_of(std::string_view browser, std::string_view reference);

// A session that begins.
struct Entered {
  std::string id;
  Secret<std::string> token;
  std::string reference, commune;
};

class Access {
 public:
  Access(db::Database& database, vault::Keyring& keyring)
      : database_(database), keyring_(keyring) {}

  // For the system (CHECK), which sends it to the address of the case: nothing when the case has
  // had all of its hour. browser: its hash. And takes one back that could not be sent.
  std::optional<Secret<std::string>> make_link(const tenancy::Context& cx, std::string_view id,
                                               std::string_view browser, std::string_view code,
                                               bool named);
  void unmake(const tenancy::Context& cx, const Secret<std::string>& link);

  // gone: never was one, was used, is too old, or met too many wrong codes. browser: what the
  // cookie says, or empty.
  enum class Link : std::uint8_t { gone, here, elsewhere };
  Link look(const tenancy::Context& cx, std::string_view link, std::string_view browser);
  // wrong: the code is not that one; none at all is no try.
  enum class Refused : std::uint8_t { gone, wrong, locked };
  std::expected<Entered, Refused> follow(const tenancy::Context& cx, std::string_view link,
                                         std::string_view browser, std::string_view code);

  // By the code on paper. wrong, also when there is no such case; locked: kPaperTries wrong ones
  // within kPaperPause. Errc::unavailable when the keys are out of reach.
  std::expected<Entered, Refused> enter_with_code(const tenancy::Context& cx,
                                                  std::string_view reference,
                                                  std::string_view code);
  // "7K3M-Q9TR-2WXD": the same for as long as the case is kept, stored nowhere.
  std::string paper_code(const tenancy::Context& cx, std::string_view id);

  // Whoever passes the gate with what they filled the draft in with, gone() else.
  Entered enter(const tenancy::Context& cx, std::string_view id, std::string_view token);

  // Whether the session is open; it is used now. And ends it.
  bool goes_on(const tenancy::Context& cx, std::string_view id, std::string_view token);
  void leave(const tenancy::Context& cx, std::string_view id, std::string_view token);

 private:
  Entered begun(db::Tx& tx, const tenancy::Context& cx, const Secret<std::string>& token,
                std::string_view id, std::string_view reference, std::string_view commune) const;

  db::Database& database_;
  vault::Keyring& keyring_;
};

// Of the gate (case_store.cpp): whether this is the hash of an open session of the case.
bool session_opens(db::Tx& tx, const Case& row, std::string_view hash, Instant now);

}  // namespace parvis::casework
