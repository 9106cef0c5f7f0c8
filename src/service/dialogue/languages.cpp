#include "dialogue/languages.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "answer/phrases.hpp"

namespace parvis::dialogue {
namespace {

constexpr std::array<Sentences, 7> kAll = {{
    {text::Language::english, "en",
     "I am an automatic assistant. Here is the official information, in French. The French text "
     "prevails.",
     "I am not sure I have the answer. One of these pages may help. Try other words, write in "
     "French, or contact the town hall.",
     "At the moment I only understand French. Please write in simple French, or contact the town "
     "hall.",
     "In danger? Call 112 now, or send a text message to 114.",
     "You can speak to a person at the town hall.",
     "Hello. I am an automatic assistant. What is your question?",
     "You are welcome. Do you have another question?"},
    {text::Language::arabic, "ar",
     "أنا مساعد آلي. إليك المعلومات الرسمية بالفرنسية. النص الفرنسي هو المرجع.",
     "لست متأكدا من الإجابة. قد تساعدك إحدى هذه الصفحات. جرّب كلمات أخرى أو اكتب بالفرنسية أو اتصل "
     "بالبلدية.",
     "لا أفهم حاليا إلا الفرنسية. اكتب بفرنسية بسيطة أو اتصل بالبلدية.",
     "هل أنت في خطر؟ اتصل بالرقم 112 الآن أو أرسل رسالة نصية إلى 114.",
     "يمكنك التحدث إلى شخص في البلدية.", "مرحبا. أنا مساعد آلي. ما هو سؤالك؟",
     "على الرحب والسعة. هل لديك سؤال آخر؟"},
    {text::Language::spanish, "es",
     "Soy un asistente automático. Esta es la información oficial, en francés. El texto francés "
     "prevalece.",
     "No estoy seguro de tener la respuesta. Una de estas páginas puede ayudarle. Pruebe con otras "
     "palabras, escriba en francés o contacte con el ayuntamiento.",
     "Por ahora solo entiendo francés. Escriba en un francés sencillo o contacte con el "
     "ayuntamiento.",
     "¿Está en peligro? Llame al 112 ahora o envíe un SMS al 114.",
     "Puede hablar con una persona en el ayuntamiento.",
     "Hola. Soy un asistente automático. ¿Cuál es su pregunta?", "De nada. ¿Tiene otra pregunta?"},
    {text::Language::portuguese, "pt",
     "Sou um assistente automático. Aqui está a informação oficial, em francês. O texto francês "
     "prevalece.",
     "Não tenho a certeza da resposta. Uma destas páginas pode ajudar. Tente outras palavras, "
     "escreva em francês ou contacte a câmara municipal.",
     "De momento só compreendo francês. Escreva num francês simples ou contacte a câmara "
     "municipal.",
     "Está em perigo? Ligue já para o 112 ou envie um SMS para o 114.",
     "Pode falar com uma pessoa na câmara municipal.",
     "Olá. Sou um assistente automático. Qual é a sua pergunta?", "De nada. Tem outra pergunta?"},
    {text::Language::turkish, "tr",
     "Ben otomatik bir asistanım. Resmi bilgi Fransızca olarak aşağıdadır. Fransızca metin "
     "geçerlidir.",
     "Yanıttan emin değilim. Bu sayfalardan biri yardımcı olabilir. Başka sözcükler deneyin, "
     "Fransızca yazın veya belediyeye başvurun.",
     "Şu anda yalnızca Fransızca anlıyorum. Basit bir Fransızca ile yazın veya belediyeye "
     "başvurun.",
     "Tehlikede misiniz? Hemen 112'yi arayın veya 114'e mesaj gönderin.",
     "Belediyede bir kişiyle konuşabilirsiniz.",
     "Merhaba. Ben otomatik bir asistanım. Sorunuz nedir?",
     "Rica ederim. Başka bir sorunuz var mı?"},
    {text::Language::ukrainian, "uk",
     "Я автоматичний помічник. Ось офіційна інформація французькою мовою. Перевагу має французький "
     "текст.",
     "Я не впевнений у відповіді. Одна з цих сторінок може допомогти. Спробуйте інші слова, пишіть "
     "французькою або зверніться до мерії.",
     "Наразі я розумію лише французьку. Пишіть простою французькою або зверніться до мерії.",
     "Ви в небезпеці? Телефонуйте 112 зараз або надішліть SMS на 114.",
     "Ви можете поговорити з людиною в мерії.",
     "Добрий день. Я автоматичний помічник. Яке у вас запитання?",
     "Будь ласка. Чи є у вас інше запитання?"},
    {text::Language::romanian, "ro",
     "Sunt un asistent automat. Iată informația oficială, în franceză. Textul francez prevalează.",
     "Nu sunt sigur de răspuns. Una dintre aceste pagini poate ajuta. Încercați alte cuvinte, "
     "scrieți în franceză sau contactați primăria.",
     "Deocamdată înțeleg doar franceza. Scrieți într-o franceză simplă sau contactați primăria.",
     "Sunteți în pericol? Sunați acum la 112 sau trimiteți un SMS la 114.",
     "Puteți vorbi cu o persoană la primărie.",
     "Bună ziua. Sunt un asistent automat. Care este întrebarea dumneavoastră?",
     "Cu plăcere. Aveți altă întrebare?"},
}};

struct Words {
  std::string_view french, foreign;
};
constexpr std::array<Words, 3> kAsked = {{
    {"combien ça coûte",
     "how much|what does it cost|cost|costs|price|cuanto cuesta|cuanto vale|precio|quanto custa|"
     "preco|ne kadar|ucreti|kac para|скільки коштує|ціна|cat costa|pretul|كم سعر|كم تكلفة|كم يكلف"},
    {"quels documents fournir",
     "what documents|which documents|what papers|que documentos|documentos necesito|que documentos "
     "preciso|hangi belgeler|belgeler|які документи|ce documente|ce acte|الوثائق"},
    {"quel délai",
     "how long|cuanto tiempo|cuanto tarda|quanto tempo|ne kadar surer|скільки часу|cat dureaza|كم "
     "من الوقت"},
}};
constexpr std::string_view kReach =
    "phone number|telephone number|phone|opening hours|open today|appointment|email address|numero "
    "de telefono|horario|horarios|cita|numero de telefone|marcacao|telefon numarasi|calisma "
    "saatleri|randevu|номер телефону|години роботи|numarul de telefon|programul|programare|رقم "
    "الهاتف";

}  // namespace

ForeignAsk foreign_ask(std::string_view text) {
  constexpr std::size_t kBrief = 4;  // words
  const std::vector<std::string> words = answer::folded_words(text);
  ForeignAsk out;
  out.brief = words.size() <= kBrief;
  out.reach = answer::has_phrase(words, kReach);
  for (const Words& each : kAsked)
    if (answer::has_phrase(words, each.foreign)) {
      out.french = each.french;
      break;
    }
  return out;
}

const Sentences& sentences(text::Language language) {
  const auto at = std::ranges::find(kAll, language, &Sentences::language);
  return at == kAll.end() ? kAll[0] : *at;
}

}  // namespace parvis::dialogue
