#include "dialogue/languages.hpp"

#include <algorithm>
#include <array>

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
     "You can speak to a person at the town hall."},
    {text::Language::arabic, "ar",
     "أنا مساعد آلي. إليك المعلومات الرسمية بالفرنسية. النص الفرنسي هو المرجع.",
     "لست متأكدا من الإجابة. قد تساعدك إحدى هذه الصفحات. جرّب كلمات أخرى أو اكتب بالفرنسية أو اتصل "
     "بالبلدية.",
     "لا أفهم حاليا إلا الفرنسية. اكتب بفرنسية بسيطة أو اتصل بالبلدية.",
     "هل أنت في خطر؟ اتصل بالرقم 112 الآن أو أرسل رسالة نصية إلى 114.",
     "يمكنك التحدث إلى شخص في البلدية."},
    {text::Language::spanish, "es",
     "Soy un asistente automático. Esta es la información oficial, en francés. El texto francés "
     "prevalece.",
     "No estoy seguro de tener la respuesta. Una de estas páginas puede ayudarle. Pruebe con otras "
     "palabras, escriba en francés o contacte con el ayuntamiento.",
     "Por ahora solo entiendo francés. Escriba en un francés sencillo o contacte con el "
     "ayuntamiento.",
     "¿Está en peligro? Llame al 112 ahora o envíe un SMS al 114.",
     "Puede hablar con una persona en el ayuntamiento."},
    {text::Language::portuguese, "pt",
     "Sou um assistente automático. Aqui está a informação oficial, em francês. O texto francês "
     "prevalece.",
     "Não tenho a certeza da resposta. Uma destas páginas pode ajudar. Tente outras palavras, "
     "escreva em francês ou contacte a câmara municipal.",
     "De momento só compreendo francês. Escreva num francês simples ou contacte a câmara "
     "municipal.",
     "Está em perigo? Ligue já para o 112 ou envie um SMS para o 114.",
     "Pode falar com uma pessoa na câmara municipal."},
    {text::Language::turkish, "tr",
     "Ben otomatik bir asistanım. Resmi bilgi Fransızca olarak aşağıdadır. Fransızca metin "
     "geçerlidir.",
     "Yanıttan emin değilim. Bu sayfalardan biri yardımcı olabilir. Başka sözcükler deneyin, "
     "Fransızca yazın veya belediyeye başvurun.",
     "Şu anda yalnızca Fransızca anlıyorum. Basit bir Fransızca ile yazın veya belediyeye "
     "başvurun.",
     "Tehlikede misiniz? Hemen 112'yi arayın veya 114'e mesaj gönderin.",
     "Belediyede bir kişiyle konuşabilirsiniz."},
    {text::Language::ukrainian, "uk",
     "Я автоматичний помічник. Ось офіційна інформація французькою мовою. Перевагу має французький "
     "текст.",
     "Я не впевнений у відповіді. Одна з цих сторінок може допомогти. Спробуйте інші слова, пишіть "
     "французькою або зверніться до мерії.",
     "Наразі я розумію лише французьку. Пишіть простою французькою або зверніться до мерії.",
     "Ви в небезпеці? Телефонуйте 112 зараз або надішліть SMS на 114.",
     "Ви можете поговорити з людиною в мерії."},
    {text::Language::romanian, "ro",
     "Sunt un asistent automat. Iată informația oficială, în franceză. Textul francez prevalează.",
     "Nu sunt sigur de răspuns. Una dintre aceste pagini poate ajuta. Încercați alte cuvinte, "
     "scrieți în franceză sau contactați primăria.",
     "Deocamdată înțeleg doar franceza. Scrieți într-o franceză simplă sau contactați primăria.",
     "Sunteți în pericol? Sunați acum la 112 sau trimiteți un SMS la 114.",
     "Puteți vorbi cu o persoană la primărie."},
}};

}  // namespace

const Sentences& sentences(text::Language language) {
  const auto at = std::ranges::find(kAll, language, &Sentences::language);
  return at == kAll.end() ? kAll[0] : *at;
}

}  // namespace parvis::dialogue
