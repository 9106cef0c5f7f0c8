#include "portal/procedures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "answer/contact.hpp"
#include "base/error.hpp"
#include "calendar/words.hpp"
#include "casework/reference.hpp"
#include "directory/forms.hpp"
#include "portal/case_pages.hpp"
#include "portal/frames.hpp"
#include "portal/procedure_pages.hpp"
#include "portal/visitor.hpp"
#include "text/normalise.hpp"

namespace parvis::portal {
namespace {

using api::Visit;
using casework::Act;
using casework::Opened;
using casework::State;
using http::Request;
using http::Response;
using procedure::Definition;
using procedure::Form;
using procedure::Sent;
using procedure::ShownPage;

constexpr double kLinksAtOnce = 10;  // asked for, of one address
constexpr std::chrono::seconds kLinkEvery{60};

// Names of ours begin with a sign that names of answers cannot begin with.
struct Sending {
  std::string token, start, id, text, reference, email, add, remove;
  bool to_check = false;
  std::vector<Sent> answers;  // whatever else it carries
};

Sending sending_of(const Request& request) {
  const auto fields = http::parse_form(request);
  if (!fields) throw Error(Errc::invalid, fields.error().what);
  Sending out;
  for (const auto& [key, value] : *fields) {
    if (key == "_token")
      out.token = value;
    else if (key == "_start")
      out.start = start_like(value) ? value : "";
    else if (key == "_retour")
      out.to_check = value == "verifier";
    else if (key == kAdd)
      out.add = value;
    else if (key == kRemove)
      out.remove = value;
    else
      out.answers.push_back({key, value});
    if (key == "id") out.id = value;
    if (key == "text") out.text = value;
    if (key == "reference") out.reference = value;
    if (key == "email") out.email = value;
  }
  return out;
}

// ── items of repeated blocks ──

// "enfants[2].nom" of the block "enfants": 2, and ".nom".
struct Item {
  std::size_t index = 0;
  std::string_view rest;
};
std::optional<Item> item_of(std::string_view name, std::string_view block) {
  if (!name.starts_with(block) || name.size() <= block.size() || name[block.size()] != '[')
    return std::nullopt;
  const std::size_t close = name.find(']', block.size());
  if (close == std::string_view::npos) return std::nullopt;
  Item out{.index = 0, .rest = name.substr(close + 1)};
  const auto [end, error] =
      std::from_chars(name.data() + block.size() + 1, name.data() + close, out.index);
  if (error != std::errc() || end != name.data() + close) return std::nullopt;
  return out;
}

std::size_t count_of(const std::vector<Sent>& sent, std::string_view block) {
  std::size_t count = 0;
  for (const Sent& each : sent)
    if (const auto item = item_of(each.name, block)) count = std::max(count, item->index + 1);
  return std::min(count, procedure::kRepeatMax);
}

void remove_item(std::vector<Sent>& sent, const std::string& block, std::size_t index) {
  std::vector<Sent> kept;
  for (Sent& each : sent) {
    const auto item = item_of(each.name, block);
    if (item && item->index == index) continue;
    if (item && item->index > index)
      each.name = fmt::format("{}[{}]{}", block, item->index - 1, item->rest);
    kept.push_back(std::move(each));
  }
  sent = std::move(kept);
}

// Items that nobody wrote in are none; the only one of a block that needs one stays, to be filled.
void drop_blank_items(const procedure::Page& page, std::vector<Sent>& sent) {
  for (const procedure::Field& field : page.fields) {
    if (field.type != procedure::Type::repeat) continue;
    for (std::size_t i = count_of(sent, field.id); i-- > 0;) {
      const bool blank = std::ranges::none_of(sent, [&](const Sent& each) {
        const auto item = item_of(each.name, field.id);
        return item && item->index == i && !text::clean(each.value).empty();
      });
      if (blank && (field.optional || count_of(sent, field.id) > 1)) remove_item(sent, field.id, i);
    }
  }
}

// Where to go after an item was added or taken away.
struct Changed {
  std::string block;
  std::size_t items = 0;  // to show
  std::string target;     // the element
};

// ──

class Pages {
 public:
  Pages(const Service& service, const http::Assets& assets, Procedures procedures)
      : service_(service), assets_(assets), own_(std::move(procedures)) {}

  Response list(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    Definitions offered;
    if (!own_.casework.tenant.empty())
      offered = own_.casework.catalogue.offered(own_.casework.tenant, insee_of(around.commune));
    return Response::html(page(around, "Démarches", procedure_list(around, offered)));
  }

  Response start(const Request& request) const { return started(request, {}); }

  Response begin(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto definition = offered(request, around);
    if (!definition) return said(around, Told::not_offered, 404);
    const Sending sending = sending_of(request);
    const auto cookie = visit_in(request, kDraftCookie);
    const std::string here = procedures_url(around, definition->id);
    switch (trust_in(request, "", sending.start, cookie)) {
      case Trust::none:
        return refused_page(around);
      case Trust::to_confirm: {
        const std::string start = new_start();
        return started(request, start)
            .set("Set-Cookie", cookie_of(visit_from(start), here, request, kDraftCookie));
      }
      case Trust::full:
        break;
    }
    // One that is open here goes on, whatever page was left open in another tab.
    const auto open = draft(request, around, definition->id);
    if (open && open->opened.state == State::draft) return Response::redirect(here + "/suite");
    if (sending.start.empty()) return Response::redirect(here + "#en-ligne");
    if (const auto wait =
            own_.casework.budgets.refuse_start(own_.casework.tenant, request.received_at))
      return later(around, *wait);
    const Visit made = visit_from(sending.start);
    own_.casework.cases.begin(context(request, around), definition->id, made.id,
                              Secret(made.token));
    return Response::redirect(here + "/suite")
        .set("Set-Cookie", cookie_of(made, here, request, kDraftCookie));
  }

  Response on_paper(const Request& request) const {
    Frame around = frame_of(service_, assets_, request);
    const auto definition = offered(request, around);
    if (!definition) return said(around, Told::not_offered, 404);
    const Opening opening{.definition = *definition,
                          .office = office_of(around, definition->service_for(insee(around))),
                          .sheets = {},
                          .start = {}};
    return Response::html(
        page(around, "Formulaire à imprimer, " + definition->title, paper(around, opening)));
  }

  // Where the draft stands.
  Response go_on(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto open = draft(request, around);
    if (!open) return lost(request, around);
    if (open->opened.state != State::draft) return deposited(request, around, *open);
    return Response::redirect(place_of(around, *open, Walk::filling));
  }

  Response show_question(const Request& request) const {
    Frame around = frame_of(service_, assets_, request);
    const auto open = draft(request, around);
    if (!open) return lost(request, around);
    if (open->opened.state != State::draft) return deposited(request, around, *open);
    const ShownPage* shown = open->form.find(*request.param("page"));
    // Not asked with these answers, or no longer.
    if (shown == nullptr) return Response::redirect(place_of(around, *open, Walk::filling));
    around.desk = office_of(around, open->opened.service);
    Question question{.asking = {.definition = *open->opened.definition,
                                 .form = open->form,
                                 .page = *shown->page,
                                 .answers = open->opened.answers,
                                 .moment = open->moment,
                                 .faults = {},
                                 .uploads = own_.uploads},
                      .token = form_token(open->visit),
                      .saved = saved_words(*open),
                      .to_check = request.query_value("retour") == "verifier"};
    if (const auto block = request.query_value("bloc")) {
      const std::string_view items = request.query_value("lignes").value_or("");
      question.asking.block = *block;
      std::from_chars(items.data(), items.data() + items.size(), question.asking.items);
    }
    if (request.query_value("corriger")) question.asking.faults = shown->faults;
    return Response::html(
        page(around, question_title(question), portal::question(around, question)));
  }

  Response save_question(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    Sending sending = sending_of(request);
    const auto visit = visit_in(request, kDraftCookie);
    if (trust_in(request, sending.token, "", visit) != Trust::full) return refused_page(around);
    auto open = draft(request, around);
    if (!open) return lost(request, around);
    if (open->opened.state != State::draft) return deposited(request, around, *open);
    const Definition& definition = *open->opened.definition;
    const procedure::Page* asked = definition.page(*request.param("page"));
    if (asked == nullptr) return lost(request, around);
    const std::string here = question_url(around, definition, asked->id);
    const std::optional<Changed> changed = change_items(*asked, sending);
    if (!changed) drop_blank_items(*asked, sending.answers);
    casework::Saved saved;
    try {
      saved = own_.casework.cases.save(context(request, around), visit->id, visit->token, asked->id,
                                       sending.answers);
    } catch (const Error& e) {
      if (e.code() == Errc::not_found) return lost(request, around);
      if (e.code() != Errc::conflict) throw;
      open = draft(request, around);
      return open ? deposited(request, around, *open) : lost(request, around);
    }
    const auto kept = [&](const std::string& to) {
      return Response::redirect(to).set(
          "Set-Cookie",
          cookie_of(*visit, procedures_url(around, definition.id), request, kDraftCookie));
    };
    if (changed)
      return kept(fmt::format("{}?bloc={}&lignes={}{}#{}", here, changed->block, changed->items,
                              sending.to_check ? "&retour=verifier" : "", changed->target));
    if (blocks(*asked, saved.faults))
      return kept(
          fmt::format("{}?corriger=1{}#erreurs", here, sending.to_check ? "&retour=verifier" : ""));
    open->opened = std::move(saved.opened);
    open->form = procedure::evaluate(definition, open->opened.answers, open->moment);
    if (open->form.barred) return kept(procedures_url(around, definition.id, "/impossible"));
    return kept(place_of(around, *open, sending.to_check ? Walk::checking : Walk::filling,
                         sending.to_check ? std::string_view() : asked->id));
  }

  Response verify(const Request& request) const {
    return with_draft(request, [&](const Frame& around, const Draft& open) {
      if (open.form.barred)
        return Response::redirect(
            procedures_url(around, open.opened.definition->id, "/impossible"));
      const Checking checking = checking_of(around, open);
      return Response::html(page(around, check_title(checking), check_answers(around, checking)));
    });
  }

  Response barred_page(const Request& request) const {
    return with_draft(request, [&](const Frame& around, const Draft& open) {
      if (!open.form.barred) return Response::redirect(place_of(around, open, Walk::filling));
      return Response::html(page(around, "Cette démarche n’est pas pour vous",
                                 barred(around, checking_of(around, open))));
    });
  }

  Response deposit(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request, kDraftCookie);
    if (trust_in(request, sending_of(request).token, "", visit) != Trust::full)
      return refused_page(around);
    const auto open = draft(request, around);
    if (!open) return lost(request, around);
    std::optional<casework::Deposit> done;
    try {
      done = own_.casework.cases.deposit(context(request, around), visit->id, visit->token);
    } catch (const Error& e) {
      if (e.code() != Errc::invalid) throw;
      return Response::redirect(procedures_url(around, open->opened.definition->id, "/verifier"));
    }
    const std::string& reference = done->opened.reference;
    return Response::redirect(cases_url(around, reference, "?depose=1"))
        .set("Set-Cookie", cookie_of(*visit, cases_url(around, reference), request, kCaseCookie));
  }

  Response later_page(const Request& request) const {
    return with_draft(request, [&](const Frame& around, const Draft& open) {
      return Response::html(page(
          around, "Reprendre plus tard",
          portal::later(around, checking_of(around, open), link_to(request, around, open.visit))));
    });
  }

  Response ask_erase(const Request& request) const {
    return with_draft(request, [&](const Frame& around, const Draft& open) {
      return Response::html(page(around, "Effacer ce brouillon\u202f?",
                                 ask_erase_draft(around, checking_of(around, open))));
    });
  }

  // What is not there is as erased as what was.
  Response erase(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_in(request, kDraftCookie);
    if (trust_in(request, sending_of(request).token, "", visit) != Trust::full)
      return refused_page(around);
    const auto open = draft(request, around);
    if (open && open->opened.state != State::draft) return deposited(request, around, *open);
    if (open) own_.casework.cases.erase_draft(context(request, around), visit->id, visit->token);
    return forgotten(request, around, "/efface");
  }

  Response close_draft(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    if (trust_in(request, sending_of(request).token, "", visit_in(request, kDraftCookie)) !=
        Trust::full)
      return refused_page(around);
    return forgotten(request, around, "/ferme");
  }

  Response erased(const Request& request) const {
    return said(frame_of(service_, assets_, request), Told::erased, 200);
  }
  Response closed(const Request& request) const {
    return said(frame_of(service_, assets_, request), Told::closed, 200);
  }

  // ── cases ──

  Response follow_page(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    return Response::html(page(around, "Suivre un dossier", follow(around, {})));
  }

  Response send_link(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    if (sender_of(request) == Sender::other_site) return refused_page(around);
    const Sending sending = sending_of(request);
    Following following{.reference = text::clean(sending.reference),
                        .email = text::clean(sending.email),
                        .reference_fault = {},
                        .email_fault = {}};
    const auto reference = casework::read_reference(following.reference);
    if (following.reference.empty())
      following.reference_fault = "Écrivez la référence du dossier.";
    else if (!reference)
      following.reference_fault =
          "Cette référence n’est pas juste. Recopiez-la de l’accusé de réception.";
    if (following.email.empty())
      following.email_fault = "Écrivez votre adresse e-mail.";
    else if (!directory::is_email(following.email))
      following.email_fault =
          "Cette adresse e-mail n’est pas complète. Exemple\u00a0: nom@domaine.fr.";
    if (!following.reference_fault.empty() || !following.email_fault.empty())
      return Response::html(
          page(around, "Erreur\u00a0: suivre un dossier", follow(around, following)), 400);
    if (own_.send_link) own_.send_link(insee(around), *reference, following.email);
    return Response::redirect(cases_url(around, "envoye"));
  }

  Response link_sent_page(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    return Response::html(page(around, "Regardez vos e-mails", link_sent(around)));
  }

  Response show_case(const Request& request) const {
    return with_case(request, [&](const Frame& frame, const Followed& followed) {
      CaseShown shown = shown_of(request, frame, followed);
      shown.fresh = request.query_value("depose").has_value();
      return case_response(frame, shown, 200);
    });
  }

  // The same whether there is a case or not.
  Response ask_link(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const std::string_view key = *request.param("link");
    if (!visit_of_link(key)) return said(around, Told::lost, 404);
    return Response::html(page(around, "Ouvrir votre demande",
                               open_link(around, link_url(around, key), new_start(), false)))
        .set("Referrer-Policy", "no-referrer");
  }

  // Whoever has the link opens the case; whether there is one is told only now.
  Response follow_link(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_of_link(*request.param("link"));
    if (!visit) return said(around, Told::lost, 404);
    const std::string to = link_url(around, *request.param("link"));
    switch (trust_in(request, "", sending_of(request).start, visit_in(request, kCaseCookie))) {
      case Trust::none:
        return refused_page(around);
      case Trust::to_confirm: {
        const std::string start = new_start();
        return Response::html(
                   page(around, "Ouvrir votre demande", open_link(around, to, start, true)))
            .set("Referrer-Policy", "no-referrer")
            .set("Set-Cookie", cookie_of(visit_from(start), to, request, kCaseCookie));
      }
      case Trust::full:
        break;
    }
    std::optional<Opened> opened;
    try {
      opened = own_.casework.cases.open(context(request, around), visit->id, visit->token);
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
    }
    if (!opened) return said(around, Told::lost, 404);
    Frame theirs = around;  // the pages of the commune that has it
    theirs.base = "/";
    for (const tenancy::Commune& commune : service_.communes)
      if (commune.insee == opened->commune) theirs.base = "/" + commune.slug + "/";
    if (opened->state == State::draft) {
      const std::string draft = procedures_url(theirs, opened->definition->id);
      return Response::redirect(draft + "/suite")
          .set("Set-Cookie", cookie_of(*visit, draft, request, kDraftCookie));
    }
    const std::string whole = cases_url(theirs, opened->reference);
    return Response::redirect(whole).set("Set-Cookie",
                                         cookie_of(*visit, whole, request, kCaseCookie));
  }

  Response write(const Request& request) const {
    const Sending sending = sending_of(request);
    return with_case_form(request, sending, [&](const Frame& around, Followed& followed) {
      CaseShown shown = shown_of(request, around, followed);
      shown.written = sending.text;
      if (const auto wait = own_.casework.budgets.refuse_message(
              followed.visit.id, own_.casework.tenant, request.received_at)) {
        shown.fault = "Trop de messages en ce moment. Attendez une minute, puis envoyez.";
        return case_response(around, shown, 429).set("Retry-After", std::to_string(wait->count()));
      }
      try {
        followed.opened =
            own_.casework.cases.act(context(request, around), followed.visit.id,
                                    followed.visit.token, Act::write, sending.id, sending.text);
      } catch (const Error& e) {
        if (e.code() != Errc::invalid && e.code() != Errc::too_large) throw;
        shown.fault = e.detail();
        return case_response(around, shown, e.code() == Errc::invalid ? 400 : 413);
      }
      const auto last =
          std::ranges::find(followed.opened.events.rbegin(), followed.opened.events.rend(),
                            Act::write, &casework::Happened::act);
      return Response::redirect(cases_url(
          around, followed.opened.reference,
          last == followed.opened.events.rend() ? "#ecrire" : "#m" + std::to_string(last->seq)));
    });
  }

  Response ask_withdraw_page(const Request& request) const {
    return with_case(request, [&](const Frame& around, const Followed& followed) {
      if (!can_withdraw(followed.opened))
        return Response::redirect(cases_url(around, followed.opened.reference));
      return Response::html(page(around, "Retirer votre demande\u202f?",
                                 ask_withdraw(around, shown_of(request, around, followed))));
    });
  }

  Response withdraw(const Request& request) const {
    const Sending sending = sending_of(request);
    return with_case_form(request, sending, [&](const Frame& around, const Followed& followed) {
      const std::string to = cases_url(around, followed.opened.reference, "#suivi");
      try {
        own_.casework.cases.act(context(request, around), followed.visit.id, followed.visit.token,
                                Act::withdraw, sending.id, sending.text);
      } catch (const Error& e) {
        if (e.code() != Errc::conflict) throw;  // decided meanwhile: its page says so
      }
      return Response::redirect(to);
    });
  }

  Response close_case(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    if (trust_in(request, sending_of(request).token, "", visit_in(request, kCaseCookie)) !=
        Trust::full)
      return refused_page(around);
    return Response::redirect(cases_url(around, "ferme"))
        .set("Set-Cookie", no_cookie(here(request, around), kCaseCookie));
  }

  Response pdf(const Request& request) const {
    return with_case(request, [&](const Frame& around, const Followed& followed) {
      if (!own_.receipt_pdf) return said(around, Told::lost, 404);
      Response out{.status = 200};
      out.body = own_.receipt_pdf(followed.opened, own_.casework.receipt(followed.opened));
      return std::move(out)
          .set("Content-Type", "application/pdf")
          .set("Content-Disposition", "attachment; filename=\"accuse-de-reception-" +
                                          followed.opened.reference + ".pdf\"");
    });
  }

 private:
  // What a visitor has open.
  struct Draft {
    Opened opened;
    Visit visit;
    procedure::Moment moment;
    Form form;  // refers to opened.definition
  };
  struct Followed {
    Opened opened;
    Visit visit;
  };
  enum class Walk : std::uint8_t { filling, checking };

  static std::string insee(const Frame& around) { return insee_of(around.commune); }
  tenancy::Context context(const Request& request, const Frame& around) const {
    return api::context_of(own_.casework, request.request_id, insee(around));
  }
  static std::string here(const Request& request, const Frame& around) {
    return cases_url(around, *request.param("key"));
  }

  std::shared_ptr<const Definition> offered(const Request& request, const Frame& around) const {
    if (own_.casework.tenant.empty()) return nullptr;
    auto definition = own_.casework.catalogue.newest(own_.casework.tenant, *request.param("id"));
    const bool here =
        definition && (around.commune == nullptr || definition->serves(insee(around)));
    return here ? definition : nullptr;
  }

  std::optional<answer::Contact> office_of(const Frame& around, const std::string& id) const {
    for (const directory::Service& each : service_.services(insee(around)))
      if (each.id == id) return answer::contact_of(each, service_.zone.local(service_.now()));
    return around.desk;
  }

  std::optional<Draft> draft(const Request& request, const Frame& around) const {
    return draft(request, around, std::string(*request.param("id")));
  }
  // This visitor's of this démarche and commune, deposited or not; nothing for any other reason.
  std::optional<Draft> draft(const Request& request, const Frame& around,
                             const std::string& id) const {
    const auto visit = visit_in(request, kDraftCookie);
    if (!visit) return std::nullopt;
    const tenancy::Context cx = context(request, around);
    try {
      Opened opened = own_.casework.cases.open(cx, visit->id, visit->token);
      if (opened.definition->id != id || opened.commune != cx.commune) return std::nullopt;
      procedure::Moment moment = casework::moment_of(cx, opened.commune);
      Form form = procedure::evaluate(*opened.definition, opened.answers, moment);
      return Draft{std::move(opened), *visit, std::move(moment), std::move(form)};
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return std::nullopt;
    }
  }

  template <typename Show>
  Response with_draft(const Request& request, Show&& show) const {
    Frame around = frame_of(service_, assets_, request);
    const auto open = draft(request, around);
    if (!open) return lost(request, around);
    if (open->opened.state != State::draft) return deposited(request, around, *open);
    around.desk = office_of(around, open->opened.service);
    return show(std::as_const(around), *open);
  }

  std::optional<Followed> followed(const Request& request, const Frame& around) const {
    const auto visit = visit_in(request, kCaseCookie);
    if (!visit) return std::nullopt;
    const tenancy::Context cx = context(request, around);
    try {
      Opened opened = own_.casework.cases.open(cx, visit->id, visit->token);
      if (opened.state == State::draft || opened.reference != *request.param("key") ||
          opened.commune != cx.commune)
        return std::nullopt;
      return Followed{std::move(opened), *visit};
    } catch (const Error& e) {
      if (e.code() != Errc::not_found) throw;
      return std::nullopt;
    }
  }

  template <typename Show>
  Response with_case(const Request& request, Show&& show) const {
    Frame around = frame_of(service_, assets_, request);
    auto open = followed(request, around);
    if (!open) return said(around, Told::lost, 404);
    around.desk = office_of(around, open->opened.service);
    return show(std::as_const(around), *open);
  }
  template <typename Do>
  Response with_case_form(const Request& request, const Sending& sending, Do&& act) const {
    const Frame around = frame_of(service_, assets_, request);
    if (trust_in(request, sending.token, "", visit_in(request, kCaseCookie)) != Trust::full)
      return refused_page(around);
    return with_case(request, act);
  }

  CaseShown shown_of(const Request& request, const Frame& around, const Followed& followed) const {
    return {.opened = followed.opened,
            .receipt = own_.casework.receipt(followed.opened),
            .zone = own_.casework.zone,
            .now = own_.casework.now(),
            .token = form_token(followed.visit),
            .link = link_to(request, around, followed.visit),
            .pdf = own_.receipt_pdf != nullptr,
            .written = {},
            .fault = {}};
  }
  static Response case_response(const Frame& around, const CaseShown& shown, int status) {
    return Response::html(page(around, case_title(shown), case_page(around, shown)), status);
  }

  std::string link_to(const Request& request, const Frame& around, const Visit& visit) const {
    return (own_.public_url.empty() ? origin_of(request) : own_.public_url) +
           link_url(around, link_key(visit.id, visit.token));
  }
  static std::string link_url(const Frame& around, std::string_view key) {
    return cases_url(around, "lien").append("/").append(key);
  }
  static std::optional<Visit> visit_of_link(std::string_view key) {
    const std::size_t dash = key.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    Visit visit{.id = std::string(key.substr(0, dash)), .token = std::string(key.substr(dash + 1))};
    return visit_like(visit) ? std::optional(std::move(visit)) : std::nullopt;
  }

  std::string saved_words(const Draft& open) const {
    const Zone& zone = own_.casework.zone;
    const LocalTime local = zone.local(open.opened.saved_at);
    const std::string hour = calendar::time_words(time_of_day(local));
    const CivilDate day = civil_date(local);
    return day == civil_date(zone.local(own_.casework.now()))
               ? hour
               : hour + ", " + calendar::date_words(day);
  }

  Checking checking_of(const Frame& around, const Draft& open) const {
    return {.definition = *open.opened.definition,
            .form = open.form,
            .answers = open.opened.answers,
            .office = around.desk,
            .token = form_token(open.visit),
            .saved = saved_words(open)};
  }

  // After a page that is done, the next one in order, so that whoever went back walks through what
  // they wrote; from the check of the answers, what is still open, then the check again.
  static std::string place_of(const Frame& around, const Draft& open, Walk walk,
                              std::string_view after = "") {
    const Definition& definition = *open.opened.definition;
    const std::string check = procedures_url(around, definition.id, "/verifier");
    if (!after.empty()) {
      const ShownPage* last = open.form.find(after);
      if (last != nullptr) {
        const std::size_t next = static_cast<std::size_t>(last - open.form.pages.data()) + 1;
        return next < open.form.pages.size()
                   ? question_url(around, definition, open.form.pages[next].page->id)
                   : check;
      }
    }
    const ShownPage* next = open.form.next();
    if (next == nullptr) return check;
    return question_url(around, definition, next->page->id) +
           (walk == Walk::checking ? "?retour=verifier" : "");
  }

  // Adds or takes away an item of a repeated block; nothing when none of it is asked for.
  static std::optional<Changed> change_items(const procedure::Page& page, Sending& sending) {
    const auto block_of = [&](std::string_view path) -> const procedure::Field* {
      const auto found = std::ranges::find(page.fields, path, &procedure::Field::id);
      return found != page.fields.end() && found->type == procedure::Type::repeat ? &*found
                                                                                  : nullptr;
    };
    if (const procedure::Field* block = block_of(sending.add)) {
      const std::size_t count =
          std::min(count_of(sending.answers, block->id) + 1, procedure::kRepeatMax);
      return Changed{block->id, count, id_of(fmt::format("{}[{}]", block->id, count - 1))};
    }
    const procedure::Field* block = block_of(sending.remove.substr(0, sending.remove.find('[')));
    const auto item = block == nullptr ? std::nullopt : item_of(sending.remove, block->id);
    if (!item) return std::nullopt;
    remove_item(sending.answers, block->id, item->index);
    return Changed{block->id, count_of(sending.answers, block->id), id_of(block->id)};
  }

  // A document that cannot be sent here keeps nobody from the questions after it.
  bool blocks(const procedure::Page& page, const std::vector<procedure::Fault>& faults) const {
    return std::ranges::any_of(faults, [&](const procedure::Fault& fault) {
      if (own_.uploads == Uploads::open || !fault.missing) return true;
      const auto field = std::ranges::find(page.fields, fault.path, &procedure::Field::id);
      return field == page.fields.end() || field->type != procedure::Type::file;
    });
  }

  Response started(const Request& request, std::string confirm) const {
    Frame around = frame_of(service_, assets_, request);
    const auto definition = offered(request, around);
    if (!definition) return said(around, Told::not_offered, 404);
    Opening opening{.definition = *definition,
                    .office = office_of(around, definition->service_for(insee(around))),
                    .sheets = sheets_of(around, *definition),
                    .choose_commune = around.commune == nullptr && !around.communes.empty() &&
                                      definition->services.size() > 1,
                    .start = confirm.empty() ? new_start() : confirm,
                    .confirm = !confirm.empty()};
    if (const auto open = draft(request, around))
      opening.draft =
          open->opened.state == State::draft ? Opening::Draft::open : Opening::Draft::deposited;
    around.desk = opening.office;
    return Response::html(page(around, definition->title, portal::opening(around, opening)));
  }

  std::vector<Opening::Sheet> sheets_of(const Frame& around, const Definition& definition) const {
    std::vector<Opening::Sheet> out;
    for (const std::string& id : definition.sheets)
      for (const char* audience : {"particuliers", "local"})
        if (const auto sheet = service_.sheet({audience, id})) {
          out.push_back({sheet->title, sheet_url(around, audience, id)});
          break;
        }
    return out;
  }

  static Response said(const Frame& around, Told what, int status) {
    return Response::html(page(around, told_title(what), told(around, what)), status);
  }
  Response lost(const Request& request, const Frame& around) const {
    Response out = said(around, Told::lost, 404);
    if (const auto id = request.param("id"))
      out.set("Set-Cookie", no_cookie(procedures_url(around, *id), kDraftCookie));
    return out;
  }
  Response forgotten(const Request& request, const Frame& around, std::string_view rest) const {
    return Response::redirect(procedures_url(around, *request.param("id"), rest))
        .set("Set-Cookie", no_cookie(procedures_url(around, *request.param("id")), kDraftCookie));
  }
  // Whoever has the draft has its case.
  Response deposited(const Request& request, const Frame& around, const Draft& open) const {
    const std::string whole = cases_url(around, open.opened.reference);
    return Response::html(page(around, "Cette demande est déjà déposée",
                               deposited_already(around, *open.opened.definition, whole)),
                          409)
        .set("Set-Cookie", cookie_of(open.visit, whole, request, kCaseCookie));
  }
  static Response refused_page(const Frame& around) {
    return Response::html(page(around, "Erreur", refused(around, 403)), 403);
  }
  static Response later(const Frame& around, std::chrono::seconds wait) {
    return Response::html(page(around, "Erreur", refused(around, 429)), 429)
        .set("Retry-After", std::to_string(wait.count()));
  }

  const Service& service_;
  const http::Assets& assets_;
  const Procedures own_;
};

}  // namespace

std::string link_key(std::string_view id, std::string_view token) {
  return std::string(id).append("-").append(token);
}

void add_procedures(http::Router& router, const Service& service, const http::Assets& assets,
                    const Procedures& procedures) {
  // Shared: the handlers of the router are its owners.
  const auto pages = std::make_shared<const Pages>(service, assets, procedures);
  using Do = Response (Pages::*)(const Request&) const;
  const auto to = [&](Do act) {
    return [pages, act](const Request& request) { return (*pages.*act)(request); };
  };
  const http::RouteOptions &writes = procedures.casework.budgets.writes,
                           &reads = procedures.casework.budgets.reads;
  const auto links = std::make_shared<http::RateLimit>(kLinksAtOnce, kLinkEvery);
  for (const std::string base : {"/", "/{commune}/"}) {
    const std::string all = base + "demarches", one = all + "/{id}";
    router.get(all, to(&Pages::list), reads);
    router.get(one, to(&Pages::start), reads);
    router.post(one + "/commencer", to(&Pages::begin), writes);
    router.get(one + "/papier", to(&Pages::on_paper), reads);
    router.get(one + "/suite", to(&Pages::go_on), reads);
    router.get(one + "/question/{page}", to(&Pages::show_question), reads);
    router.post(one + "/question/{page}", to(&Pages::save_question), reads);
    router.get(one + "/verifier", to(&Pages::verify), reads);
    router.get(one + "/impossible", to(&Pages::barred_page), reads);
    router.post(one + "/deposer", to(&Pages::deposit), reads);
    router.get(one + "/plus-tard", to(&Pages::later_page), reads);
    router.get(one + "/effacer", to(&Pages::ask_erase), reads);
    router.post(one + "/effacer", to(&Pages::erase), reads);
    router.get(one + "/efface", to(&Pages::erased), reads);
    router.post(one + "/fermer", to(&Pages::close_draft), reads);
    router.get(one + "/ferme", to(&Pages::closed), reads);
    const std::string cases = base + "dossiers", own = cases + "/{key}";
    router.get(cases, to(&Pages::follow_page), reads);
    router.post(cases, to(&Pages::send_link), {.rate = links});
    router.get(cases + "/envoye", to(&Pages::link_sent_page), reads);
    router.get(cases + "/ferme", to(&Pages::closed), reads);
    router.get(own, to(&Pages::show_case), reads);
    router.get(cases + "/lien/{link}", to(&Pages::ask_link), reads);
    router.post(cases + "/lien/{link}", to(&Pages::follow_link), writes);
    router.post(own + "/message", to(&Pages::write), writes);
    router.get(own + "/retirer", to(&Pages::ask_withdraw_page), reads);
    router.post(own + "/retirer", to(&Pages::withdraw), writes);
    router.post(own + "/fermer", to(&Pages::close_case), reads);
    router.get(own + "/accuse-de-reception.pdf", to(&Pages::pdf), reads);
  }
}

}  // namespace parvis::portal
