#include "api/talk.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "conversation/transcript_pdf.hpp"
#include "tenancy/names.hpp"

namespace parvis::api {
namespace {

std::shared_ptr<http::RateLimit> rate(std::size_t a_minute) {
  CHECK(a_minute >= 1 && a_minute <= kRateMax);
  return std::make_shared<http::RateLimit>(static_cast<double>(a_minute),
                                           std::chrono::milliseconds(60'000 / a_minute));
}

std::optional<std::chrono::seconds> wait_of(http::RateLimit& limit, std::string_view whom,
                                            Instant now) {
  const auto wait = limit.refuse(whom, now);
  if (!wait) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(*wait);
}

constexpr std::array kFormats = {
    Format{"pdf", "un document PDF", "application/pdf",
           [](const conversation::Transcript& whole, const Talk& talk) {
             const std::string town = talk.town(), with = tenancy::with_article(town);
             return conversation::to_pdf(whole, {.town = town, .with = with, .accent = talk.accent},
                                         talk.zone, talk.now(), talk.fonts);
           }},
    Format{"txt", "le texte", "text/plain; charset=utf-8",
           [](const conversation::Transcript& whole, const Talk& talk) {
             return conversation::to_text(whole, tenancy::with_article(talk.town()), talk.zone);
           }},
    Format{"json", "les données (JSON)", "application/json",
           [](const conversation::Transcript& whole, const Talk&) {
             return json::serialize(conversation::to_json(whole));
           }}};

}  // namespace

Budgets::Budgets(const MessageRates& rates)
    : writes{.rate = rate(rates.per_address)},
      reads{.rate = rate(std::min(kRateMax, rates.per_address * kReadsPerMessage))},
      by_visitor_(rate(rates.per_visitor)),
      by_tenant_(rate(rates.per_tenant)) {}

std::optional<std::chrono::seconds> Budgets::refuse_message(std::string_view conversation,
                                                            std::string_view tenant,
                                                            Instant now) const {
  if (const auto wait = wait_of(*by_visitor_, conversation, now)) return wait;
  return wait_of(*by_tenant_, tenant, now);
}

std::optional<std::chrono::seconds> Budgets::refuse_start(std::string_view tenant,
                                                          Instant now) const {
  return wait_of(*by_tenant_, tenant, now);
}

tenancy::Context context_of(const Talk& talk, const std::string& request_id, std::string commune) {
  return {.tenant = talk.tenant,
          .commune = std::move(commune),
          .actor = tenancy::Actor::visitor(),
          .zone = talk.zone,
          .deadline = {},
          .request = request_id,
          .now = talk.now()};
}

std::string welcome_of(const Talk& talk) {
  if (!talk.welcome.empty()) return talk.welcome;
  return "Bonjour. Je suis l’assistant automatique de " + tenancy::with_article(talk.town()) +
         ". Écrivez votre question comme vous la diriez.";
}

std::span<const Format> formats() { return kFormats; }

http::Response file_of(const Format& format, conversation::Transcript whole, const Talk& talk) {
  for (conversation::Message& message : whole.messages) message.payload = shown(message);
  const CivilDate day = civil_date(talk.zone.local(whole.created_at));
  const std::string name =
      "conversation-" + format_iso_date(day) + "." + std::string(format.extension);
  return http::Response{.body = format.bytes(whole, talk)}
      .set("Content-Type", format.type)
      .set("Content-Disposition", "attachment; filename=\"" + name + "\"");
}

}  // namespace parvis::api
