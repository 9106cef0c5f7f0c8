#include "text/language_words.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <unordered_map>

#include "text/normalise.hpp"

// Each tongue has two lists, accents or none: its grammar, and what people write to a town hall
// about. A star stands for any ending. French holds its spellings of text messages too. A word that
// another tongue's list lacks though it uses it makes that tongue weaker than it is: when adding a
// word, add it wherever it is a common word.
namespace parvis::text {
namespace {

struct List {
  Tongue tongue;
  std::string_view grammar;
  std::string_view topics;
};

constexpr std::array<List, kTongues> kLists = {{
    {Tongue::french,
     // Articles, pronouns, prepositions.
     "le la les l un une des d du de au aux a en dans sur sous par pour sans avec chez vers entre "
     "depuis pendant avant apres contre lors selon et ou ni mais donc or car que qui quoi dont "
     "quel "
     "quelle quels quelles quand comment combien pourquoi si ne n pas plus jamais rien aucun "
     "aucune "
     "ce c cet cette ces cela ca ceci celui celle ceux y je j tu il elle on nous vous ils elles me "
     "m "
     "te t se s moi toi lui leur leurs eux mon ma mes ton ta tes son sa ses notre nos votre vos qu "
     "jusqu lorsqu puisqu quelqu tout toute tous toutes autre autres meme aussi encore deja tres "
     "trop "
     "peu alors puis ici afin est-ce parce lorsque puisque quelque quelques plusieurs chaque "
     // Verbs.
     "suis es est sommes etes sont ete etre etait etais serai sera avais avait aurai aura ai as "
     "avons "
     "avez ont eu avoir fait faire fais faut peut peux puis pouvez pouvons peuvent pouvoir dois "
     "doit "
     "devons devez doivent devoir veux veut voudrais voudrait veulent vouloir sais savoir va vais "
     "vont "
     "aller viens vient venir dit dire mettre prendre prend pris demander demande demandes obtenir "
     "recevoir recu faites etant ayant donner donne passer passe payer touche toucher arrive "
     "arriver "
     // As in text messages, or misspelt.
     "slt bjr bsr cc svp stp mrc koi quoi pk pq pkoi pourkoi cmt kom komen kel kelle kil ke ki kan "
     "qd "
     "qand kand pr ds dc ac avk vs ns jai jé jsuis chui chuis jpeux jveux jdois jpe jsais jss cest "
     "sest "
     "ces cé seke c'est kesk keske keskil eske esk esque fo faudrais faudrait ya yavait pa po tt "
     "tjs tjrs "
     "tjr bcp bp dsl mtn mnt auj ajd rdv rv g é jv jvx jvoudrais jvoudré voudré savoire fair "
     "perdue "
     "perdus nai na nest lai lon dun dune lacte letat lecole limpot dacte quil quelle quon jen "
     "lenfant "
     "daccord",
     "bonjour bonsoir merci salut madame monsieur svp oui non bonne cordialement urgent aide "
     "besoin "
     "carte cartes identite passeport* permis conduire acte actes naissance mariage* deces livret "
     "famill* mairie* ville commune* prefecture* impot* taxe* habitation fonciere foncier "
     "declaration* "
     "declarer revenu* allocation* caf rsa apl aah chomage pole emploi* retraite* pension* secu "
     "securite "
     "sociale sociales assurance* maladie* arret* travail* employeur* salaire* salarie* contrat* "
     "cdd cdi "
     "licenciement* licencie* demission* rupture* conventionnel* preavis conge* congés paye* payes "
     "maternite paternite parental* heure* supplementaire* prime* indemnite* dedommagement "
     "mutuelle "
     "entreprise* patron* syndicat* prud'homme* prudhomme* formation* apprenti* apprentissage "
     "stage* "
     "stagiaire* interim* interimaire* logement* loyer* locataire* proprietaire* bail caution "
     "depot garantie* "
     "demenage* changement* adresse* domicile* voiture* vehicule* grise immatriculation "
     "stationnement* amende* contravention* plainte* vol vole voleur police gendarmerie voisin* "
     "bruit* "
     "chien* poubelle* dechet* dechetterie encombrant* urbanisme construire travaux cloture "
     "piscine* terrain* "
     "ecole* inscri* cantine* creche* garde enfant* fils fille mere pere parent* mari femme epoux "
     "epouse "
     "conjoint* concubin* pacs* divorc* separation veuf veuve heritage succession* notaire* "
     "testament "
     "titre* sejour* etranger* etrangere* nationalite francais* naturalisation recepisse* "
     "regroupement "
     "attestation* justificatif* certificat* dossier* formulaire* document* papier* piece* photo* "
     "copie* "
     "timbre* delai* duree* cout* prix gratuit* montant* somme* date* jour* mois annee* an ans "
     "semaine* "
     "renouvel* refaire perdu perdre vieux vieille nouveau nouvelle premier premiere droit* "
     "obligation* "
     "obligatoire* devoir* loi* code regle* condition* beneficier beneficiaire* demarche* "
     "procedure* "
     "rendez vous electoral* electeur* election* liste* vote* voter procuration* association* "
     "handicap* mdph invalid* age* personne* mineur* majeur* jeune* etudiant* bourse* senior* "
     "maison "
     "aidant* aide* accident* medical* medecin* hopital* sante soins autorisation* absence* faute* "
     "grave lourde sanction* avertissement* periode essai temps partiel* plein nuit dimanche "
     "ferie* "
     "majoration repos pause* transport* frais remboursement* avance* acompte* saisie* dette* "
     "surendettement banque* compte* cheque* virement* credit pret* hypotheque achat* acheter "
     "vendre "
     "vente* location* louer colocation hebergement hebergé hlm social expulsion* huissier* "
     "tribunal* "
     "juge* avocat* justice casier judiciaire prison peine* victime* violence* menace* harcelement "
     "anciennete calcul* combien convention* collective* accord* branche* cadre* ouvrier* "
     "reclassement "
     "inaptitude inapte* economique* motif* lettre* courrier* recommande* entretien* modele* solde "
     "tout "
     "compte teletravail domicil* deplacement* visite* embauche* promesse horaire* planning "
     "fermeture* "
     "ouverture* covid masque* confinement activite* partiel* fonctionnaire* fonction publique "
     "agent* "
     "titulaire* mutation disponibilite detachement parking sport* week cumul* plus petit* grand* "
     "mort mourir enterrement obseques cimetiere concession* ramassage tri collecte* eau gaz "
     "electricite facture* internet site* mail* telephone* numero* nom prenom* signature* "},
    {Tongue::english,
     "the a an of to in on at for from with without by about into is are was were be been am i'm "
     "im i "
     "you he she it we they me my your his her its our their this that these those there here what "
     "where when who whom which why how do does did don't dont doesn't can can't cant could would "
     "should shall will won't must may might have has had haven't i've ive i'd id i'll not no and "
     "or but "
     "if because so than then any some all every please as after before since until during between "
     "need want get got know tell make take give find apply ask say let them him us who's what's "
     "whats where's how's it's isn't aren't didn't also very much many more most just only still "
     "already again every other another out up down over under off long new old first last yes lot "
     "isnt arent whens hows its theres cannot wanna gonna shud woud pls plz u ur",
     "hello hi hey thanks thank thx lost lose losing stolen stole passport* renew* renewal licence "
     "license driving driver's drivers driver residence permit* card* id birth certificate* "
     "wedding "
     "marriage married marry divorce* death died husband wife child children son daughter mother "
     "father "
     "school* kindergarten nursery tax* income housing house home flat rent* landlord tenant job "
     "work "
     "working worker unemployed unemployment benefit* allowance* health insurance appointment* "
     "book "
     "office* town hall city open opening hours phone number* address* moved moving move register* "
     "registration vote voting form* document* paper* cost* price fee* pay how's long much help "
     "student* "
     "foreign foreigner* foreigners visa citizen* citizenship asylum refugee* support living live "
     "abroad "
     "year* month* week* day* today tomorrow yesterday english speak french france doctor money "
     "bank neighbor* neighbour* noise dog trash garbage rubbish parking fine police theft car "
     "report "
     "copy wallet expired expires expire valid application status late someone anyone baby "
     "pregnant possible "},
    {Tongue::spanish,
     "el la los las lo un una unos unas de del al a en con sin por para sobre desde hasta entre y "
     "e o u "
     "pero que quien cual cuales cuando donde como cuanto cuanta cuantos porque si no ni me te se "
     "nos os "
     "le les mi mis tu tus su sus nuestro nuestra yo usted ustedes ellos ella este esta esto estos "
     "estas "
     "ese esa eso aqui alli muy mas menos tambien ya todo toda todos todas otro otra es soy eres "
     "somos "
     "son estoy estas esta estamos estan fue ser estar he has ha hemos han haber hay tengo tiene "
     "tienes "
     "tenemos tener tenia puedo puede puedes podemos poder podria debo debe tengo quiero quiere "
     "quisiera "
     "queria necesito necesita necesitamos hacer hago hace hacen voy va ir vamos sacar pedir "
     "solicitar "
     "saber obtener cobrar nadie algo alguien despues antes ahora hoy ayer ayuda ayudar qe q k x "
     "pq "
     "mucho mucha muchos muchas hablo habla hablar vivo vive vivir tarda hora si haya sido estaba "
     "nesesito nesecito nececito ago aser"
     "xq porq tb",
     "hola buenos buenas dias tardes gracias favor perdido perdi perder robado robaron pasaporte "
     "dni nie "
     "tarjeta permiso residencia conducir carnet carne licencia partida nacimiento certificado "
     "matrimonio casarme casar casado casada boda divorcio defuncion muerto murio fallecido "
     "fallecio "
     "marido esposo esposa mujer hijo hija hijos hijas nino ninos nina madre padre familia escuela "
     "colegio inscribir guarderia impuesto* renta vivienda casa piso alquiler trabajo trabajar "
     "empleo "
     "paro desempleo ayuda* seguro salud medico cita previa ayuntamiento alcaldia oficina horario "
     "abierto "
     "telefono numero direccion mudado domicilio votar elecciones formulario documento* papeles "
     "pagar "
     "cuesta precio gratis plazo ano anos mes meses semana hola estudiante extranjero extranjera "
     "extranjeria ciudadania nacionalidad asilo refugiado francia frances espanol coche multa "
     "policia "
     "denuncia vecino ruido perro basura renovar renovacion empadronar empadronarme cambiar "
     "ciudad vivo caducado caducada caduca cartera monedero abren abre cierran mayor menor dinero "
     "banco tramite* solicitud jubilacion"},
    {Tongue::portuguese,
     "o a os as um uma uns umas de do da dos das no na nos nas ao aos em com sem por pelo pela "
     "para pra "
     "pro sobre desde ate entre e ou mas que quem qual quais quando onde como quanto quanta "
     "quantos "
     "porque se nao nem me te lhe nos meu minha meus minhas teu tua seu sua seus suas nosso nossa "
     "eu "
     "voce voces ele ela eles elas isto isso este esta esse essa aqui ali muito mais menos tambem "
     "ja "
     "todo toda todos todas outro outra e sou es somos sao estou esta estamos estao foi ser estar "
     "hei "
     "ha tenho tem tens temos ter tinha posso pode podes podemos poder poderia devo deve quero "
     "quer "
     "queria gostaria preciso precisa precisamos fazer faco faz fazem vou vai ir vamos tirar pedir "
     "solicitar saber obter receber ninguem algo alguem depois antes agora hoje ontem ajuda ajudar "
     "vc q "
     "pq tb muito muita muitos muitas falo fala falar moro mora morar vivo demora hora fica sim "
     "pois "
     "estava preciza presiso",
     "ola oi bom boa dia tarde noite obrigado obrigada favor perdi perdido perder roubado roubaram "
     "passaporte bilhete identidade cartao cidadao autorizacao residencia carta conducao condução "
     "habilitacao licenca certidao nascimento casamento casar casado casada divorcio obito morreu "
     "falecido faleceu marido esposo esposa mulher filho filha filhos filhas crianca criancas mae "
     "pai "
     "familia escola inscrever matricular creche imposto* irs habitacao casa arrendamento aluguel "
     "renda "
     "trabalho trabalhar emprego desemprego subsidio abono seguro saude medico marcacao marcar "
     "agendar "
     "camara municipal prefeitura reparticao horario aberto telefone numero morada endereco mudei "
     "mudar "
     "votar eleicoes formulario documento* papeis pagar custa preco gratis prazo ano anos mes "
     "meses "
     "semana estudante estrangeiro estrangeira nacionalidade asilo refugiado franca frances "
     "portugues "
     "carro multa policia queixa vizinho barulho cachorro cao lixo renovar renovacao cidade moro "
     "caducado vencido carteira custou abrem abre fecham acaba maior menor dinheiro banco pedido "
     "reforma aposentadoria"},
    {Tongue::turkish,
     "ve ile icin bir bu su o ben sen biz siz onlar benim senin onun bizim sizin bana sana ona "
     "bize beni "
     "seni onu ne neden nicin nasil nerede nereye nereden nerde hangi kac kim zaman mi mu misin "
     "midir "
     "var yok degil evet hayir ama fakat veya ya da de ki cok daha en gibi kadar sonra once simdi "
     "bugun "
     "dun yarin her hic bazi tum butun lazim gerek gerekli gerekiyor gerekir istiyorum istiyoruz "
     "istiyor* isterim mumkun olur oldu olarak olan olmak olabilir* miyim miyiz misiniz musunuz "
     "yapmaliyim yapmali* yapabilirim yapabil* yapacagim yapmam yapmak yapilir yapiyor* yapar* "
     "nedir "
     "etmek ettim ettik etmem edilir oldu surer yapcam yapiyorum iyi almak alabilir* alirim alinir "
     "almam aldim gitmek gitmeliyim "
     "gidebil* bilmiyorum biliyor* basvur* bulabil* nereden lutfen acaba",
     "merhaba selam gunaydin iyi gunler aksamlar tesekkur* sagol ederim kayb* kaybettim caldi* "
     "calindi "
     "pasaport* kimlik* kimligim* ehliyet* surucu belge* oturum* oturma ikamet izin* izni* vize* "
     "dogum "
     "olum nikah* evlen* evli bosan* esim kocam karim cocuk* cocug* oglum kizim annem babam aile* "
     "okul* "
     "kres* vergi* gelir ev evim* kira* kiraci konut* calis* ise isim issiz* issizlik yardim* "
     "sigorta* "
     "saglik doktor* randevu* belediye* valilik* ofis* saat* acik telefon* numara* adres* tasin* "
     "kayit* "
     "kaydi* kaydet* oy kullan* secim* form* evrak* odeme* ode* ucret* ucretli kac para ne fiyat* "
     "bedava sure* yil yili ay hafta gun ogrenci* yabanci* vatandas* multeci siginma fransa* "
     "fransiz* "
     "turk* turkce araba* arac* ceza* polis* sikayet* komsu* gurultu* kopek cop yenile* degis* "
     "emeklilik cuzdan* nufus yurt anne babam ses "},
    {Tongue::romanian,
     "un o unei unui unor al ai ale lui ei cu fara pe la de din in intr dintr prin pentru despre "
     "spre "
     "pana intre si sau ori dar ca ce cine care cand unde cum cat cata cati cate daca nu nici ma "
     "te se "
     "ne va le imi iti isi mi mea meu mei mele ta tau sa sau noastra nostru eu tu el ea noi voi ei "
     "ele "
     "acest aceasta asta acesta aici acolo foarte mai decat tot toata toti toate alt alta este e "
     "sunt "
     "esti suntem sunteti fost era fi am ai are avem aveti au avea pot poate poti putem putea "
     "trebuie "
     "trebui vreau vrea doresc as ar dori face fac facem facut merg mergem merge obtin obtine "
     "cer cere stiu primi primesc cineva ceva nimeni dupa inainte acum azi astazi ieri maine doar "
     "iar "
     "intai fiind deci astfel da locuiesc locuim vorbesc stau dureaza fiu fie nevoie mult multa "
     "multe "
     "multi plec ora ore vin vine mers fac fara",
     "buna ziua seara salut salutare multumesc multumim mersi rog va ajutor ajuta ajutati pierdut "
     "pierd pierdute furat pasaport* pasaportul buletin* buletinul carte cartea identitate permis "
     "permisul "
     "conducere sedere rezidenta act actul acte actele nastere certificat* certificatul casatorie "
     "casatori* casatorit* divort* deces murit decedat sot sotul sotia sotie copil copilul copii "
     "copiii "
     "fiu fiul fiica mama tata familie familia scoala scolii gradinita cresa impozit* taxe taxa "
     "venit locuinta casa chirie chiria munca lucrez lucru loc angajator* somaj alocatie alocatia "
     "asigurare sanatate medic* doctor programare programari primarie primaria prefectura birou "
     "program "
     "deschis telefon* numar numarul adresa mutat domiciliu votez vot alegeri formular* document* "
     "hartii platesc plata cost costa pret gratuit termen an ani luna luni saptamana student* "
     "strain straini straina cetatenie azil refugiat* franta franceza romana romania roman masina "
     "amenda frumos vota strainatate politie politia plangere vecin* vecinul zgomot caine gunoi "
     "reinnoi* reinnoire preschimb* "
     "schimb* expirat bani banca cerere pensie pensia"},
    {Tongue::italian,
     "il lo la i gli le l un uno una di del dello della dei degli delle dell a al allo alla ai "
     "agli alle "
     "all da dal dalla in nel nella nei con senza per su sul sulla tra fra e ed o ma che chi quale "
     "quali "
     "quando dove come quanto quanta perche se non ne mi ti si ci vi mio mia miei mie tuo tua suo "
     "sua "
     "nostro io tu lui lei noi voi loro questo questa questi quello qui molto piu meno anche gia "
     "tutto "
     "tutti altro e sono sei siamo siete era essere stato ho hai ha abbiamo hanno avere posso puo "
     "puoi possiamo devo deve dobbiamo voglio vuole vorrei bisogno fare faccio fa vado va andare "
     "sapere ottenere ricevere qualcuno dopo prima adesso oggi ieri domani cosa",
     "ciao buongiorno buonasera grazie prego favore perso smarrito rubato passaporto carta "
     "identita "
     "patente guida permesso soggiorno certificato nascita matrimonio sposato divorzio morte morto "
     "marito "
     "moglie figlio figlia figli bambino madre padre famiglia scuola asilo tasse imposta casa "
     "affitto "
     "lavoro lavorare disoccupazione assegno assicurazione salute medico appuntamento comune "
     "municipio "
     "ufficio orari aperto telefono numero indirizzo trasferito residenza votare modulo documento "
     "documenti pagare costa prezzo anno anni mese mesi straniero cittadinanza francia macchina "
     "multa "
     "polizia vicino rumore cane rinnovare rinnovo scaduto"},
    {Tongue::german,
     "der die das den dem des ein eine einen einem einer und oder aber ich du er sie es wir ihr "
     "mich mir "
     "dich uns euch mein meine meinen meinem ihre sein seine ist sind bin war waren sein habe hat "
     "haben "
     "hatte kann kannst konnen muss mussen soll will wollen mochte wie was wo wer wann warum "
     "welche "
     "welcher nicht kein keine mit ohne fur von zu zum zur in im an am auf aus bei nach uber unter "
     "vor "
     "bis seit wenn weil dass auch noch schon sehr mehr machen tun gibt werden wird hier jetzt "
     "heute "
     "brauche bekomme",
     "hallo guten tag danke bitte verloren gestohlen pass reisepass ausweis personalausweis "
     "fuhrerschein "
     "aufenthaltserlaubnis aufenthaltstitel geburtsurkunde heirat geburt scheidung tod mann frau "
     "kind "
     "kinder sohn tochter mutter vater schule steuer* wohnung miete arbeit arbeitslos* "
     "versicherung "
     "krankenversicherung termin rathaus offnungszeiten adresse umgezogen anmelden wahlen formular "
     "dokument unterlagen kosten kostet jahr jahre monat auslander deutsch frankreich auto polizei "
     "nachbar larm hund mull verlangern erneuern abgelaufen beantragen"},
}};

constexpr std::string_view kUkrainian =
    "я ти він вона ми ви вони мене мені тобі нам вам їм мій моя моє мої ваш що як де коли хто чому "
    "чому чи та і й але або якщо бо для від до з із зі у в на по про без після треба потрібно "
    "потрібен потрібна можна можу може хочу є немає був була буде що які який яка скільки куди "
    "звідки "
    "загубив загубила втратив втратила вкрали паспорт посвідка посвідку проживання посвідчення "
    "водія "
    "права довідка довідку документи документ свідоцтво народження шлюб дитина дитину дитини діти "
    "син "
    "донька чоловік дружина школа школу робота роботу робити зробити отримати отримання оформити "
    "допоможіть допомога допомогу будь ласка дякую добрий день вітаю привіт доброго дня адреса "
    "записатися запис мерія мерії житло захист біженець тимчасовий україна україни українська "
    "українською померла помер сусід шумить французькою розмовляю одружитися коштує година годині "
    "переїхала переїхав закордоном кордоном дуже також вже ще зараз сьогодні завтра";
constexpr std::string_view kRussian =
    "я ты он она мы вы они меня мне тебе нам вам им мой моя мое моё мои ваш что как где когда кто "
    "почему ли и но или если для от до с со у в на по про о без после надо нужно нужен нужна можно "
    "могу может хочу есть нет был была будет какие какой какая сколько куда откуда потерял "
    "потеряла "
    "потеряли утерял украли паспорт вид на жительство водительские права справка справку документы "
    "документ свидетельство рождения рождении брак ребенок ребёнок ребенка ребёнка дети сын дочь "
    "муж "
    "жена школа школу работа работу делать сделать получить получения оформить помогите помощь "
    "пожалуйста спасибо добрый день здравствуйте привет адрес записаться запись мэрия жилье жильё "
    "убежище беженец временный россия русский это "
    "умерла умер сосед шумит говорю стоит час переехала переехал границей очень также уже еще ещё "
    "сейчас сегодня";

struct Entry {
  std::array<float, kTongues> weight{};
  std::array<float, kTongues> grammar{};
};
using Table = std::unordered_map<std::string, Entry>;

template <typename See>
void each_word(std::string_view list, See see) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end > 0) see(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

// Words and, under their name with the star, beginnings of words.
Table made() {
  Table table;
  for (const List& list : kLists) {
    const auto tongue = static_cast<std::size_t>(list.tongue);
    each_word(list.topics, [&](std::string_view word) {
      table[fold(word)].weight[tongue] = static_cast<float>(kTopicWeight);
    });
    each_word(list.grammar, [&](std::string_view word) {
      Entry& entry = table[fold(word)];
      entry.weight[tongue] = entry.grammar[tongue] = 1;
    });
  }
  return table;
}

constexpr std::size_t kStarBytes = 2;  // the shortest beginning of a word
constexpr std::size_t kWordMost = 60;  // a longer word is none

}  // namespace

Weights weights_of(std::string_view folded) {
  static const Table table = made();
  Weights out;
  if (folded.empty() || folded.size() > kWordMost) return out;
  const auto add = [&](const std::string& key) {
    const auto found = table.find(key);
    if (found == table.end()) return;
    out.known = true;
    for (std::size_t i = 0; i < kTongues; ++i) {
      out.all[i] = std::max(out.all[i], static_cast<double>(found->second.weight[i]));
      out.grammar[i] = std::max(out.grammar[i], static_cast<double>(found->second.grammar[i]));
    }
  };
  add(std::string(folded));
  for (std::size_t length = kStarBytes; length <= folded.size(); ++length)
    add(std::string(folded.substr(0, length)) + '*');
  const auto holders = std::ranges::count_if(out.all, [](double w) { return w > 0; });
  const double sharing = std::sqrt(static_cast<double>(std::max<std::ptrdiff_t>(holders, 1)));
  for (std::size_t i = 0; i < kTongues; ++i) {
    out.all[i] /= sharing;
    out.grammar[i] /= sharing;
  }
  return out;
}

Slavic slavic_word(std::string_view lower) {
  static const std::unordered_map<std::string, int> table = [] {
    std::unordered_map<std::string, int> made;
    each_word(kUkrainian, [&](std::string_view word) { made[std::string(word)] |= 1; });
    each_word(kRussian, [&](std::string_view word) { made[std::string(word)] |= 2; });
    return made;
  }();
  const auto found = table.find(std::string(lower));
  if (found == table.end() || found->second == 3) return Slavic::neither;
  return found->second == 1 ? Slavic::ukrainian : Slavic::russian;
}

}  // namespace parvis::text
