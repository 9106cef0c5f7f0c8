#include "portal/piece_form.hpp"

#include <charconv>
#include <memory>

#include "base/log.hpp"
#include "http/url.hpp"
#include "portal/fields.hpp"
#include "text/normalise.hpp"

namespace parvis::portal {
namespace {

using http::Part;
using http::Request;
using http::Response;

Error too_long() {
  return {Errc::too_large, "Ce formulaire est trop long. Raccourcissez vos réponses."};
}
Error unreadable() {
  return {Errc::invalid,
          "Ce formulaire n’est pas arrivé entier. Revenez en arrière, et renvoyez-le."};
}

// One body on its way.
class Reading {
 public:
  Reading(FormWithFiles form, const std::string& boundary)
      : form_(std::move(form)),
        parts_(boundary, {.begin = [this](const Part& part) { begin(part); },
                          .data = [this](std::string_view bytes) { data(bytes); },
                          .end = [this] { end(); }}) {}

  void take(std::string_view bytes) {
    if (!parts_.take(bytes)) throw unreadable();
  }
  Response done() {
    if (!parts_.whole()) throw unreadable();
    return form_.done(fields_);
  }

 private:
  void begin(const Part& part) {
    part_ = part;
    file_.reset();
    if (!part.filename) {
      fields_.emplace_back(part.name, "");
      return;
    }
    if (!part.filename->empty()) guarded([&] { file_ = form_.file(fields_, part); });
  }
  void data(std::string_view bytes) {
    if (part_.filename) {
      if (file_) guarded([&] { file_->take(bytes); });
      return;
    }
    text_ += bytes.size();
    if (text_ > kFormTextMax) throw too_long();
    fields_.back().second += bytes;
  }
  void end() {
    if (part_.filename) {
      if (file_) guarded([&] { file_->done(); });
      file_.reset();
      return;
    }
    if (!text::valid_utf8(fields_.back().second) || !text::valid_utf8(part_.name))
      throw unreadable();
  }
  template <typename Act>
  void guarded(const Act& act) {
    try {
      act();
    } catch (const Error& e) {
      file_.reset();
      form_.failed(part_, e);
    }
  }

  FormWithFiles form_;
  http::Multipart parts_;
  Part part_;
  std::optional<FormFile> file_;
  http::Pairs fields_;
  std::size_t text_ = 0;
};

}  // namespace

FormFile dropped_file() {
  return {.take = [](std::string_view) {}, .done = [] {}};
}

std::optional<CivilDate> dated_in(const http::Pairs& fields, std::string_view question) {
  const auto number = [&](std::string_view part) {
    unsigned value = 0;
    for (const auto& [name, typed] : fields)
      if (name == std::string(question).append(kDated).append(part)) {
        const std::string text = text::clean(typed);
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failed != std::errc() || end != text.data() + text.size()) return 0u;
      }
    return value;
  };
  const CivilDate date{std::chrono::year(static_cast<int>(number(".year"))),
                       std::chrono::month(number(".month")), std::chrono::day(number(".day"))};
  return date.ok() && date.year() > std::chrono::year(1900) ? std::optional(date) : std::nullopt;
}

void take_back(casework::Pieces& pieces, const tenancy::Context& cx, const api::Visit& visit,
               std::string_view piece) {
  try {
    pieces.remove(cx, visit.id, visit.token, piece);
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;
  }
}

FormFile taken_file(casework::Pieces& pieces, const tenancy::Context& cx, const api::Visit& visit,
                    casework::NewPiece wanted) {
  const casework::Upload begun = pieces.begin(cx, visit.id, visit.token, std::move(wanted));
  // Shared: both functions are its owners.
  std::shared_ptr<casework::Pieces::Sending> sending =
      pieces.resume(cx, visit.id, visit.token, begun.piece.id, 0);
  const auto or_not = [&pieces, cx, visit, id = begun.piece.id](const auto& act) {
    try {
      act();
    } catch (const Error&) {
      try {
        take_back(pieces, cx, visit, id);
      } catch (const Error& again) {
        log(Level::warning, "piece_left", {{"why", again.detail()}});
      }
      throw;
    }
  };
  return {.take = [sending,
                   or_not](std::string_view bytes) { or_not([&] { sending->append(bytes); }); },
          .done = [sending, or_not] { or_not([&] { sending->finish(); }); }};
}

std::variant<Response, http::Receiving> receive_form(const Request& request, FormWithFiles form) {
  const std::string_view type = request.header("content-type").value_or("");
  if (const auto boundary = http::boundary_of(type)) {
    // Shared: both functions are its owners.
    auto reading = std::make_shared<Reading>(std::move(form), *boundary);
    return http::Receiving{.take = [reading](std::string_view bytes) { reading->take(bytes); },
                           .done = [reading] { return reading->done(); }};
  }
  // Shared for the same reason.
  auto plain = std::make_shared<Request>();
  plain->headers = request.headers;
  return http::Receiving{.take =
                             [plain](std::string_view bytes) {
                               plain->body += bytes;
                               if (plain->body.size() > kFormTextMax) throw too_long();
                             },
                         .done =
                             [plain, form = std::move(form)] {
                               const auto fields = http::parse_form(*plain);
                               if (!fields) throw Error(Errc::invalid, fields.error().what);
                               return form.done(*fields);
                             }};
}

}  // namespace parvis::portal
