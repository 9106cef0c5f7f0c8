#include "portal/icons.hpp"

namespace parvis::portal {

using html::Html;

namespace {

// A 24 grid, lines of 2, square ends (portal.css).
Html drawn(const Html& lines) {
  return html::fragment(
      Html::trusted("<svg class='i' viewBox='0 0 24 24' aria-hidden='true' focusable='false'>"),
      lines, Html::trusted("</svg>"));
}

}  // namespace

Html icon(Icon which) {
  switch (which) {
    case Icon::arrow:
      return drawn(Html::trusted("<path d='M4 12h15M13 6l6 6-6 6'/>"));
    case Icon::back:
      return drawn(Html::trusted("<path d='M20 12H5M11 6l-6 6 6 6'/>"));
    case Icon::download:
      return drawn(Html::trusted("<path d='M12 4v12M6 11l6 6 6-6M4 21h16'/>"));
    case Icon::letter:
      return drawn(Html::trusted("<path d='M3 5h18v14H3zM3 6l9 7 9-7'/>"));
    case Icon::save:
      return drawn(Html::trusted("<path d='M4 4h13l3 3v13H4zM8 4v5h7V4M7 20v-6h10v6'/>"));
    case Icon::warning:
      return drawn(Html::trusted("<path d='M12 3l10 18H2zM12 10v5M12 18v.01'/>"));
    case Icon::check:
      return drawn(Html::trusted("<path d='M4 13l5 5L20 6'/>"));
    case Icon::phone:
      return drawn(
          Html::trusted("<path d='M5 3h4l2 5-3 2c1 3 3 5 6 6l2-3 5 2v4c0 1-1 2-2 2C11 21 3 13 3 "
                        "5c0-1 1-2 2-2z'/>"));
    case Icon::person:
      return drawn(
          Html::trusted("<circle cx='12' cy='8' r='4'/><path d='M4 21c0-5 3-8 8-8s8 3 8 8'/>"));
    case Icon::print:
      return drawn(Html::trusted("<path d='M7 9V3h10v6M7 17H3V9h18v8h-4M7 14h10v7H7z'/>"));
    case Icon::sheet:
      return drawn(Html::trusted("<path d='M5 2h10l4 4v16H5zM15 2v4h4M8 11h8M8 15h5'/>"));
  }
  return {};
}

Html theme_icon(std::string_view id) {
  if (id == "N19803")  // Argent
    return drawn(
        Html::trusted("<path d='M2 6h20v12H2zM6 12h.01M18 12h.01'/><circle cx='12' cy='12' "
                      "r='3'/>"));
  if (id == "N19804")  // Étranger
    return drawn(
        Html::trusted("<circle cx='12' cy='12' r='9'/><path d='M3 12h18M12 3q5 9 0 18M12 "
                      "3q-5 9 0 18'/>"));
  if (id == "N19805")  // Famille
    return drawn(
        Html::trusted("<circle cx='8' cy='7' r='3'/><circle cx='17' cy='11' r='2'/><path "
                      "d='M2 21c0-5 2-8 6-8 3 0 5 2 6 4M13 21c0-3 1-5 4-5s5 2 5 5'/>"));
  if (id == "N19806")  // Travail
    return drawn(Html::trusted("<path d='M3 8h18v12H3zM8 8V4h8v4M3 13h18'/>"));
  if (id == "N19807")  // Justice
    return drawn(Html::trusted("<path d='M12 3v18M6 21h12M4 6h16M5 6l-3 8h6zM19 6l-3 8h6z'/>"));
  if (id == "N19808")  // Logement
    return drawn(Html::trusted("<path d='M3 11l9-7 9 7M5 10v11h14V10M10 21v-6h4v6'/>"));
  if (id == "N19809")  // Loisirs
    return drawn(
        Html::trusted("<circle cx='12' cy='7' r='4'/><path d='M12 11v10M12 16l5-4M12 "
                      "19l-5-4M4 21h16'/>"));
  if (id == "N19810")  // Papiers - Citoyenneté
    return drawn(
        Html::trusted("<path d='M2 5h20v14H2z'/><circle cx='8' cy='11' r='2'/><path d='M5 "
                      "16c0-2 1-3 3-3s3 1 3 3M14 10h5M14 14h3'/>"));
  if (id == "N19811")  // Social - Santé
    return drawn(Html::trusted("<path d='M9 3h6v6h6v6h-6v6H9v-6H3V9h6z'/>"));
  if (id == "N19812")  // Transports
    return drawn(
        Html::trusted("<path d='M4 4h16v13H4zM4 11h16M6 17v3M18 17v3M8 14h.01M16 14h.01'/>"));
  return icon(Icon::sheet);
}

Html facade(Windows windows) {
  const Html drawing = Html::trusted(
      "<path class='roof' d='M52 134L78 84H402L428 134Z'/>"
      "<path class='wall' d='M112 118V98L128 84L144 98V118Z'/>"
      "<rect class='lit' x='121' y='100' width='14' height='18'/>"
      "<path class='wall' d='M336 118V98L352 84L368 98V118Z'/>"
      "<rect class='lit' x='345' y='100' width='14' height='18'/>"
      "<rect class='wall' x='60' y='134' width='360' height='166'/>"
      "<rect class='wall' x='48' y='126' width='384' height='12'/><path d='M60 214H420'/>"
      "<path d='M60 146H420' stroke-dasharray='6 6'/>"
      "<rect class='lit' x='80' y='158' width='32' height='44'/>"
      "<path d='M96 158V202M80 174H112'/>"
      "<path class='off' d='M80 284V244Q96 224 112 244V284Z'/>"
      "<path d='M96 236V284M80 262H112'/>"
      "<rect class='lit' x='134' y='158' width='32' height='44'/>"
      "<path d='M150 158V202M134 174H166'/>"
      "<path class='lit' d='M134 284V244Q150 224 166 244V284Z'/>"
      "<path d='M150 236V284M134 262H166'/>"
      "<rect class='lit' x='314' y='158' width='32' height='44'/>"
      "<path d='M330 158V202M314 174H346'/>"
      "<path class='lit' d='M314 284V244Q330 224 346 244V284Z'/>"
      "<path d='M330 236V284M314 262H346'/>"
      "<rect class='off' x='368' y='158' width='32' height='44'/>"
      "<path d='M384 158V202M368 174H400'/>"
      "<path class='lit' d='M368 284V244Q384 224 400 244V284Z'/>"
      "<path d='M384 236V284M368 262H400'/>"
      "<rect class='wall' x='188' y='122' width='104' height='178'/>"
      "<path class='wall' d='M178 124H302L240 82Z'/>"
      "<rect class='wall' x='214' y='40' width='52' height='54'/>"
      "<path class='roof' d='M208 40H272L240 6Z'/><path d='M240 6V-6'/>"
      "<rect class='lit' x='236' y='-12' width='8' height='8'/>"
      "<circle class='lit' cx='240' cy='66' r='18'/>"
      "<path class='bold' d='M240 66L247 76M240 66L246 54'/>"
      "<path class='lit' d='M200 200V164Q212 148 224 164V200Z'/>"
      "<path class='lit' d='M228 200V164Q240 148 252 164V200Z'/>"
      "<path class='lit' d='M256 200V164Q268 148 280 164V200Z'/>"
      "<rect class='wall' x='192' y='200' width='96' height='8'/>"
      "<path d='M200 208v8M212 208v8M224 208v8M236 208v8M248 208v8M260 208v8M272 208v8M280 "
      "208v8M192 216H288'/>"
      "<path class='door' d='M214 300V252Q240 222 266 252V300Z'/>"
      "<path class='leaf' d='M240 240V300M222 262h10v12h-10zM248 262h10v12h-10z'/>"
      "<rect class='wall' x='196' y='300' width='88' height='10'/>"
      "<rect class='wall' x='182' y='310' width='116' height='10'/>"
      "<rect class='wall' x='168' y='320' width='144' height='10'/>"
      "<path class='bold' d='M0 330H480'/><path d='M24 330V276'/>"
      "<rect x='4' y='222' width='40' height='56' rx='20' class='tree'/>"
      "<path d='M456 330V276'/>"
      "<rect x='436' y='222' width='40' height='56' rx='20' class='tree'/>");
  return html::fragment(
      windows == Windows::lit ? Html::trusted("<svg class='facade'")
                              : Html::trusted("<svg class='facade facade--off'"),
      Html::trusted(" viewBox='0 -14 480 344' aria-hidden='true' focusable='false'>"), drawing,
      Html::trusted("</svg>"));
}

}  // namespace parvis::portal
