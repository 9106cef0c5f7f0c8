// Every state of the chat, and how one comes to it. open(page, town) begins from a fresh context.
import { sayAndRead, say } from "./support.mjs";

export const states = [
  { name: "welcome", open: async () => {} },
  ...Object.entries({
    answer: "perte de ma carte d’identité, que faire", clarify: "papiers pour un passeport", steps: "quelles étapes",
    partial: "quand sort la poubelle jaune", unknown: "la piscine ouvre pendant les travaux ?", danger: "mon père ne respire plus",
    hours: "horaires de la mairie", closed: "et samedi", person: "je veux parler à quelqu’un", robot: "tu es un robot ?", arabic: "سلام",
  }).map(([name, text]) => ({ name, open: (page) => sayAndRead(page, text) })),
  { name: "chosen", async open(page) {
    await sayAndRead(page, "papiers pour un passeport");
    await page.getByRole("button", { name: "Pour un adulte" }).click();
    await page.locator("[data-seq]").nth(1).waitFor();
  } },
  { name: "unfolded", async open(page) {
    await sayAndRead(page, "perte de ma carte d’identité");
    await page.locator("summary").first().click();
    await page.locator(".stack > .parts > details:last-child > summary").click();
  } },
  { name: "document", open: (page) => sayAndRead(page, "quel document") },
  { name: "document-dated", async open(page) {
    await sayAndRead(page, "une facture");
    await page.getByLabel("Joindre").setInputFiles({ name: "facture.pdf", mimeType: "application/pdf", buffer: Buffer.from("a") });
    await page.locator("#files-error").waitFor();
  } },
  { name: "document-given", async open(page, town) {
    await sayAndRead(page, "quel document");
    const pdf = (name, bytes = 9) => ({ name, mimeType: "application/pdf", buffer: Buffer.alloc(bytes, "a") });
    await page.getByLabel("Joindre").setInputFiles([pdf("plan.pdf"), pdf("un très long nom de fichier qui est refusé.pdf")]);
    await page.getByText("Refaites-le").first().waitFor();
    await page.getByLabel("Joindre").setInputFiles([pdf("trop grand.pdf", (1 << 20) + 1)]);
    await page.getByText("dépasse").first().waitFor();
    town.fail(/PATCH/, { cut: "before" }, 1000);
    await page.getByLabel("Joindre").setInputFiles([pdf("photo du lieu.pdf", 900_000)]);
    await page.getByText("L’envoi reprendra seul").first().waitFor();
  } },
  { name: "judged", async open(page) {
    await sayAndRead(page, "horaires");
    await page.getByRole("button", { name: "Oui", exact: true }).click();
    await page.getByText("Votre avis est noté").waitFor();
  } },
  { name: "why", async open(page) {
    await sayAndRead(page, "horaires");
    await page.getByRole("button", { name: "Non", exact: true }).click();
    await page.getByText("Que lui manque-t-il").waitFor();
  } },
  { name: "menu", async open(page) {
    await sayAndRead(page, "horaires");
    await page.getByRole("button", { name: "Options de la conversation" }).click();
  } },
  { name: "erase", async open(page) {
    await sayAndRead(page, "horaires");
    await page.getByRole("button", { name: "Options de la conversation" }).click();
    await page.getByRole("button", { name: "Effacer la conversation" }).click();
  } },
  { name: "empty", async open(page) {
    await page.getByRole("button", { name: "Envoyer" }).click();
    await page.locator(".error").waitFor();
  } },
  { name: "searching", async open(page, town) {
    town.fail(/POST .*messages/, { hold: new Promise(() => {}) });
    await say(page, "combien coûte la cantine pour 2 enfants");
    await page.locator(".dots").waitFor();
  } },
  { name: "offline", async open(page) {
    await page.context().setOffline(true);
    await say(page, "12 rue des Tanneurs, devant le garage");
    await page.getByText("Pas encore envoyé").waitFor();
    await page.getByText("Pas de réseau.").waitFor();
  } },
  { name: "busy", async open(page, town) {
    town.fail(/POST .*messages/, { status: 503, after: 60 });
    await say(page, "horaires de la mairie");
    await page.getByText("très demandé").waitFor();
  } },
  { name: "refused", async open(page, town) {
    town.fail(/POST .*messages/, { status: 422 });
    await say(page, "horaires de la mairie");
    await page.locator(".m--kept .error").waitFor();
  } },
  { name: "agent", async open(page, town) {
    await sayAndRead(page, "je veux parler à quelqu’un");
    const [conversation] = town.conversations.values();
    town.push(conversation, "agent", { text: "Bonjour. J’ai lu votre demande. Vous avez le passeport de votre fille avec vous ?" });
    await page.locator(".m--agent").waitFor();
  } },
];
