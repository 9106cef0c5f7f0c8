// Parts that the pages of appointments share. Inside the room. Pure.
#pragma once

#include <string>
#include <string_view>

#include "desk/appointment_pages.hpp"

namespace parvis::desk {

// The rail, and the page beside it: what was done, what is wrong, the title.
html::Html beside(const Around& around, std::string_view current, std::string_view title,
                  const html::Html& inside, const html::Html& above = {});
// Which agenda, with what else the page is asked: a form that only looks.
html::Html agenda_choice(const Around& around, std::string_view rest, const html::Html& more,
                         std::string_view send);
html::Html slot_choices(const Around& around, const Choosing& choosing,
                        const std::string& later_url, const std::string& first_url);
html::Html taken_notice(const Around& around, const Choosing& choosing);

std::string hour_words(Instant at, const Zone& zone);
std::string counter_name(const appointment::Agenda& agenda, std::string_view counter);
std::string reason_words(const appointment::Opened& opened);
// The name of who comes, or that it is not known.
std::string visitor_name(const appointment::Opened& opened);
// "2 personnes, par téléphone".
std::string how_words(int people, appointment::Way way);
html::Html state_tag(appointment::State state);
html::Html phone_link(std::string_view phone);
// Its buttons; `back`: where to go then, "jour" or "un".
html::Html act_forms(const Around& around, const appointment::Opened& opened,
                     std::string_view back);

}  // namespace parvis::desk
