// A form that may carry files, read while it comes: its texts are kept, each file is handed on in
// pieces. A form without files (application/x-www-form-urlencoded) is the same with none.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "api/turns.hpp"
#include "casework/pieces.hpp"
#include "http/multipart.hpp"
#include "http/router.hpp"

namespace parvis::portal {

inline constexpr std::size_t kFormBytes = 110u << 20;  // of a form with its files: ten photos
inline constexpr std::size_t kFormTextMax = http::kBodyBytes;  // of its texts

// What is done with one file. An Error of either refuses this file alone: it is given to `failed`,
// what is left of the file is read and dropped, and the form goes on, so that a browser that still
// sends is not cut off before it reads the answer.
struct FormFile {
  std::function<void(std::string_view)> take;
  std::function<void()> done;
};
struct FormWithFiles {
  // fields: the texts that came before it. A file input where none was chosen is not told of.
  std::function<FormFile(const http::Pairs& fields, const http::Part& part)> file;
  std::function<void(const http::Part& part, const Error& why)> failed;
  std::function<http::Response(const http::Pairs& fields)> done;
};

// Read and thrown away: what the form then answers says why.
FormFile dropped_file();
// Of a draft or a case, through casework's gate. An upload that breaks off is taken back, since a
// browser sends the whole form again. `pieces` outlives it.
FormFile taken_file(casework::Pieces& pieces, const tenancy::Context& cx, const api::Visit& visit,
                    casework::NewPiece wanted);
// The date that the form says is written on a document of that question; nothing when it is none.
std::optional<CivilDate> dated_in(const http::Pairs& fields, std::string_view question);
// No error for one that is there no more.
void take_back(casework::Pieces& pieces, const tenancy::Context& cx, const api::Visit& visit,
               std::string_view piece);
inline constexpr std::string_view kNoFilesNow =
    "Nous ne pouvons pas recevoir ce fichier en ce moment. Rien n’en est gardé. Réessayez plus "
    "tard, "
    "ou donnez-le au guichet.";

// For a route that receives. The request outlives what is given.
std::variant<http::Response, http::Receiving> receive_form(const http::Request& request,
                                                           FormWithFiles form);

}  // namespace parvis::portal
