#include "dialogue/languages.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "answer/phrases.hpp"
#include "text/normalise.hpp"

namespace parvis::dialogue {
namespace {

constexpr std::array<Sentences, 7> kAll = {{
    {text::Language::english, "en",
     "I am an automatic assistant. Here is the official information, in French. The French text "
     "prevails.",
     "This may not be the page you need: check that it fits your situation.",
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
     "قد لا تكون هذه هي الصفحة التي تحتاجها: تحقق من أنها تناسب وضعك.",
     "لست متأكدا من الإجابة. قد تساعدك إحدى هذه الصفحات. جرّب كلمات أخرى أو اكتب بالفرنسية أو اتصل "
     "بالبلدية.",
     "لا أفهم حاليا إلا الفرنسية. اكتب بفرنسية بسيطة أو اتصل بالبلدية.",
     "هل أنت في خطر؟ اتصل بالرقم 112 الآن أو أرسل رسالة نصية إلى 114.",
     "يمكنك التحدث إلى شخص في البلدية.", "مرحبا. أنا مساعد آلي. ما هو سؤالك؟",
     "على الرحب والسعة. هل لديك سؤال آخر؟"},
    {text::Language::spanish, "es",
     "Soy un asistente automático. Esta es la información oficial, en francés. El texto francés "
     "prevalece.",
     "Puede que esta no sea la página que necesita: compruebe que corresponde a su situación.",
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
     "Esta pode não ser a página de que precisa: verifique se corresponde à sua situação.",
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
     "Bu, aradığınız sayfa olmayabilir: durumunuza uyduğunu kontrol edin.",
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
     "Можливо, це не та сторінка, яка вам потрібна: перевірте, чи відповідає вона вашій ситуації.",
     "Я не впевнений у відповіді. Одна з цих сторінок може допомогти. Спробуйте інші слова, пишіть "
     "французькою або зверніться до мерії.",
     "Наразі я розумію лише французьку. Пишіть простою французькою або зверніться до мерії.",
     "Ви в небезпеці? Телефонуйте 112 зараз або надішліть SMS на 114.",
     "Ви можете поговорити з людиною в мерії.",
     "Добрий день. Я автоматичний помічник. Яке у вас запитання?",
     "Будь ласка. Чи є у вас інше запитання?"},
    {text::Language::romanian, "ro",
     "Sunt un asistent automat. Iată informația oficială, în franceză. Textul francez prevalează.",
     "Poate că nu este pagina de care aveți nevoie: verificați dacă se potrivește situației "
     "dumneavoastră.",
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

constexpr std::string_view kChild =
    "child*|kid|kids|son|sons|daughter*|boy|girl|baby|babies|minor|minors|teen*|hijo*|hija*|nino*|"
    "nina*|bebe*|menor*|filho*|filha*|crianca*|cocug*|cocuk*|oglum*|kizim*|bebeg*|bebek*|дитин*|"
    "діте*|"
    "діти|доньк*|доньц*|дочк*|дочц*|син|сина|сину|сином|немовл*|copil*|copii*|fiul*|fiic*|bebelus*|"
    "طفل*|لطفل*|أطفال*|اطفال*|لأطفال*|ابن*|إبن*|لابن*|بنت*|لبنت*|رضيع*|قاصر*";

constexpr std::string_view kStudent =
    "student*|estudiante*|estudante*|öğrenci*|ogrenci*|студент*|طالب*|طلاب|الطلاب|لطالب*";

// Of the European Union, Iceland, Liechtenstein, Norway or Switzerland.
constexpr std::string_view kEuropean =
    "eu|eea|europe|european*|italian*|italy|german*|spanish|spain|polish|poland|irish|ireland|"
    "dutch|"
    "netherlands|belgian*|belgium|greek|greece|portuguese|portugal|romanian*|romania|bulgarian*|"
    "bulgaria|swedish|sweden|danish|denmark|finnish|finland|austrian*|austria|hungarian*|hungary|"
    "czech|croatian*|croatia|slovak*|slovenia*|lithuania*|latvia*|estonia*|maltese|malta|cyprus|"
    "swiss|switzerland|norwegian*|norway|avrupa*|європ*|єс|أوروب*|اوروب*|لأوروب*|لاوروب*";
// Of countries outside where a language of Europe is spoken.
constexpr std::string_view kOverseas =
    "colombia*|peru|peruan*|mexico|mexican*|argentin*|chile|chilen*|ecuador|ecuatorian*|"
    "venezuela|venezolan*|bolivia*|cuba|cuban*|uruguay*|paraguay*|dominican*|guatemala|honduras|"
    "nicaragua|panama|costa rica|salvador|brasil|brasileir*|angola*|cabo verde|caboverdian*|"
    "mocambi*|guine*|sao tome|timor|moldova|moldovean*";

// Words of courtesy, and phrases of a wish for a person. Those that French has too are not here.
struct Courteous {
  text::Language language;
  std::string_view greeting, thanks, person;
};
constexpr std::array<Courteous, 7> kCourteous = {{
    {text::Language::english,
     "hi|hi there|hello there|good morning|good afternoon|good evening|good day|how are you|"
     "dear sir|dear madam|greetings",
     "thank you|thanks|thank u|thx|thank you very much|thanks a lot|thank you so much|many thanks|"
     "very much|so much|a lot|for your help|great|goodbye",
     "speak to a human|talk to a human|speak to someone|talk to someone|real person|human please|"
     "speak to a person|talk to a person|speak with a person|speak with someone|human agent|"
     "talk with someone|talk with a person|speak to somebody|talk to somebody"},
    {text::Language::arabic,
     "مرحبا|السلام عليكم|السلام عليكم ورحمة الله|صباح الخير|مساء الخير|اهلا|سلام|أهلا وسهلا",
     "شكرا|شكرا جزيلا|جزيلا|شكرا لك|شكرا لكم|مع السلامة|بارك الله فيك",
     "التحدث مع شخص|التحدث إلى شخص|أتحدث مع شخص|أتحدث إلى شخص|التكلم مع شخص|أتكلم مع شخص|التحدث مع "
     "موظف|أتحدث مع موظف|شخص يتكلم|شخص يتحدث"},
    {text::Language::spanish,
     "hola|buenos dias|buenas|buenas tardes|buenas noches|que tal|buen dia",
     "gracias|muchas gracias|muchas|mil gracias|muchisimas gracias|por todo|por su ayuda|adios|"
     "hasta luego",
     "hablar con una persona|hablar con alguien|hablar con un agente|hablar con un humano|"
     "atencion humana"},
    {text::Language::portuguese, "bom dia|ola|boa tarde|boa noite|oi|tudo bem",
     "obrigad*|muito obrigad*|muito|pela ajuda|pela sua ajuda|adeus",
     "falar com uma pessoa|falar com alguem|falar com um agente|falar com um humano"},
    {text::Language::turkish,
     "merhaba|merhabalar|selam|gunaydin|günaydın|iyi gunler|iyi aksamlar|nasilsiniz|nasılsınız",
     "tesekkur*|cok tesekkur*|cok|ederim|sagol|sag olun|sagolun|sağ ol|hosca kalin|hosçakalın",
     "biriyle konusmak|biriyle gorusmek|bir kisiyle|bir insanla|bir yetkiliyle|birisiyle konusmak"},
    {text::Language::ukrainian,
     "добрий день|доброго дня|добрий вечір|доброго ранку|вітаю|привіт|добридень",
     "дякую|дуже|спасибі|щиро дякую|до побачення|за допомогу",
     "поговорити з людиною|говорити з людиною|поговорити з кимось|поговорити з оператором"},
    {text::Language::romanian, "buna ziua|buna|buna seara|buna dimineata|salutare",
     "multumesc|mersi|multumesc mult|va multumesc|mult|multumim|la revedere|pentru ajutor",
     "vorbesc cu o persoana|vorbesc cu cineva|vorbi cu o persoana|vorbi cu cineva|vorbesc cu un "
     "om"},
}};
// Said in several languages, French too: beside the words of one.
constexpr std::string_view kShared = "hello|hey|ok|super|perfect|bye|ciao|por favor|please";

}  // namespace

std::optional<Courtesy> courtesy(std::string_view text) {
  struct Folded {
    text::Language language;
    std::string greeting, thanks, person;
  };
  static const std::vector<Folded> all = [] {
    std::vector<Folded> out;
    for (const Courteous& each : kCourteous)
      out.push_back({each.language, text::fold(each.greeting), text::fold(each.thanks),
                     text::fold(each.person)});
    return out;
  }();
  const std::vector<std::string> words = answer::folded_words(text);
  for (const Folded& each : all)
    if (answer::has_phrase(words, each.person))
      return Courtesy{&sentences(each.language), Act::person};
  if (answer::only_phrases(words, {kShared})) return std::nullopt;
  for (const Folded& each : all) {
    if (answer::only_phrases(words, {each.greeting, kShared}))
      return Courtesy{&sentences(each.language), Act::greeting};
    if (answer::only_phrases(words, {each.thanks, each.greeting, kShared}))
      return Courtesy{&sentences(each.language), Act::thanks};
  }
  return std::nullopt;
}

namespace {

// What is asked, in words of one of the languages; nullptr when it is none of those known.
const Words* asked_in(std::string_view text) {
  const std::vector<std::string> words = answer::folded_words(text);
  const auto at = std::ranges::find_if(
      kAsked, [&](const Words& each) { return answer::has_phrase(words, each.foreign); });
  return at == kAsked.end() ? nullptr : &*at;
}

}  // namespace

ForeignAsk foreign_ask(std::string_view text, text::Language language) {
  constexpr std::size_t kBrief = 4, kBriefQuestion = 6;  // words; "how much does it cost"
  const std::vector<std::string> words = answer::folded_words(text);
  ForeignAsk out;
  out.reach = answer::has_phrase(words, kReach);
  if (const Words* asked = asked_in(text)) out.french = asked->french;
  static const std::string of_child = text::fold(kChild);
  static const std::string of_student = text::fold(kStudent);
  out.child = answer::has_phrase(words, of_child);
  out.student = answer::has_phrase(words, of_student);
  static const std::string of_europe = text::fold(kEuropean);
  const bool spoken_in_europe = language == text::Language::spanish ||
                                language == text::Language::portuguese ||
                                language == text::Language::romanian;
  out.overseas = answer::has_phrase(words, kOverseas) ||
                 (!spoken_in_europe && !answer::has_phrase(words, of_europe));
  // "How much does it cost? I saw 225 euros somewhere" begins with all that it asks.
  // What asks again after it is meant too.
  const std::string_view first = text.substr(0, text.find_first_of("?!"));
  const std::string_view rest = text.substr(std::min(text.size(), first.size() + 1));
  const std::size_t asking = answer::folded_words(first).size();
  const bool begins = first.size() < text.size() && asking <= kBriefQuestion &&
                      !rest.contains('?') && !rest.contains("؟") && asked_in(first);
  out.brief = begins || words.size() <= (out.french.empty() ? kBrief : kBriefQuestion);
  out.end = begins ? first.size() + 1 : text.size();
  return out;
}

const Sentences& sentences(text::Language language) {
  const auto at = std::ranges::find(kAll, language, &Sentences::language);
  return at == kAll.end() ? kAll[0] : *at;
}

}  // namespace parvis::dialogue
