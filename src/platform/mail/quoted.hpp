// What a person wrote in a mail, without the mail they answer. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace parvis::mail {

// Leaves out lines that begin with ">", the line that announces them ("Le … a écrit :", "On …
// wrote:"), and what follows it when it is quoted without such signs, as Outlook does
// ("-----Message d'origine-----", a block of "De :", "Envoyé :"); the signature behind "-- ". An
// answer written between or below quoted lines stays. When nothing would stay, nothing is left out:
// reading too much is better than reading nothing. Lines end with \n; UTF-8.
std::string without_quoted(std::string_view text);

}  // namespace parvis::mail
