#include "dialogue/replies.hpp"

#include <fmt/format.h>

#include "answer/contact.hpp"

namespace parvis::dialogue {
namespace {

using answer::Answer;
using answer::Status;

Answer say(Status status, std::string text) {
  Answer out;
  out.status = status;
  out.text = std::move(text);
  return out;
}

}  // namespace

Answer reply(Act act, std::string_view town) {
  const std::string of_town(town);
  switch (act) {
    case Act::greeting:
      return say(Status::smalltalk,
                 "Bonjour. Je suis l’assistant automatique de " + of_town +
                     ". Posez votre question avec vos mots, par exemple\u00A0: «\u00A0j’ai perdu "
                     "ma carte d’identité\u00A0». Vous pouvez aussi demander à parler à une "
                     "personne.");
    case Act::thanks:
      return say(Status::smalltalk, "Avec plaisir. Avez-vous une autre question\u202F?");
    case Act::goodbye:
      return say(Status::smalltalk, "Au revoir. Revenez quand vous voulez, jour et nuit.");
    case Act::gives_up:
      return say(
          Status::smalltalk,
          "D’accord, je laisse. Si vous avez une autre question, écrivez-la ici. Pour parler "
          "à une personne, écrivez «\u00A0je veux parler à quelqu’un\u00A0».");
    case Act::machine:
      return say(Status::smalltalk,
                 "Je suis un assistant automatique, pas une personne. Je cherche dans les fiches "
                 "officielles et je cite ma source. Pour parler à une personne, écrivez «\u00A0je "
                 "veux parler à quelqu’un\u00A0».");
    case Act::wrong:
      return say(Status::smalltalk,
                 "Merci de le signaler, je peux me tromper. Dites-moi avec d’autres mots ce que "
                 "vous cherchez, ou vérifiez dans la fiche citée. Vous pouvez aussi demander à "
                 "parler à une personne.");
    case Act::insult:
      return say(Status::unsafe,
                 "Je comprends que ce soit énervant. Dites-moi simplement ce qu’il vous faut, ou "
                 "demandez à parler à une personne.");
    case Act::threat:
      return say(Status::unsafe,
                 "Je ne réponds pas aux menaces. Si quelque chose s’est mal passé, dites-moi quoi. "
                 "Vous pouvez aussi demander à parler à une personne.");
    case Act::manipulate:
      return say(Status::unsafe,
                 "Je ne peux pas faire cela. Je réponds seulement sur vos droits, vos démarches et "
                 "les services de " +
                     of_town + ". Quelle est votre question\u202F?");
    case Act::unsafe:
      return say(Status::unsafe,
                 "Je ne peux pas donner suite à ce message. Je réponds sur vos droits, vos "
                 "démarches et les services de " +
                     of_town +
                     ". Si je vous ai mal compris, dites-le avec d’autres mots, ou demandez à "
                     "parler à une personne.");
    case Act::outside:
      return say(Status::out_of_scope,
                 "Ce n’est pas une question à laquelle je sais répondre. Je réponds sur vos "
                 "droits, vos démarches et les services de " +
                     of_town + ". Si c’en est une, dites-le avec d’autres mots.");
    case Act::yes:
    case Act::no:
    case Act::unsure:
      return say(Status::smalltalk, "D’accord. Quelle est votre question\u202F?");
    case Act::ask:
    case Act::person:
    case Act::outcome:
      break;
  }
  return say(Status::unknown, "Quelle est votre question\u202F?");
}

std::string nothing_found(std::string_view title) {
  return fmt::format(
      "Je n’ai pas trouvé la réponse dans la fiche «\u00a0{}\u00a0». Dites-le avec d’autres mots, "
      "ou parlez à une personne.",
      title);
}

std::string nothing_of_it(std::string_view title) {
  return fmt::format(
      "La fiche «\u00a0{}\u00a0» ne dit rien de particulier de ce cas. Posez-moi une question plus "
      "précise, ou parlez à une personne.",
      title);
}

std::string told_masked(const std::vector<std::string>& kinds) {
  std::string names;
  for (const std::string& kind : kinds) names.append(names.empty() ? "" : ", ").append(kind);
  return "J’ai masqué ceci dans votre message\u00A0: " + names +
         ". Ne l’écrivez pas ici, ce n’est pas utile.";
}

Answer person(const answer::ComposeContext& context, std::string_view matter) {
  Answer out;
  out.status = Status::handoff;
  if (!matter.empty() && context.services.by_words) out.contact = context.services.by_words(matter);
  if (!out.contact && context.services.by_pivot) out.contact = context.services.by_pivot("mairie");
  if (!out.contact)
    return say(Status::handoff,
               "Pour parler à une personne, contactez votre mairie par téléphone ou au guichet.");
  const answer::Contact& hall = *out.contact;
  out.text = hall.open.value_or(false)
                 ? "Une personne peut vous répondre maintenant par téléphone ou au guichet."
                 : "Personne ne peut vous répondre tout de suite.";
  out.text += "\n" + answer::in_brief(hall);
  if (!hall.open.value_or(false))
    out.text += hall.email.empty()
                    ? "\nEn attendant, vous pouvez écrire, ou me poser votre question."
                    : "\nEn attendant, vous pouvez laisser un message à " + hall.email +
                          ", ou me poser votre question.";
  return out;
}

}  // namespace parvis::dialogue
