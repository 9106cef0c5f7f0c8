// Files as citizens send them, made here.
import { crc32, deflateSync } from "node:zlib";
import { randomBytes } from "node:crypto";

const chunk = (name, content) => {
  const both = Buffer.concat([Buffer.from(name), content]);
  const out = Buffer.alloc(12 + content.length);
  out.writeUInt32BE(content.length, 0);
  both.copy(out, 4);
  out.writeUInt32BE(crc32(both), 8 + content.length);
  return out;
};

// A photo of about 2 MB, which does not compress: noise.
export function photo(width = 1000, height = 700) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = randomBytes(height * (1 + 3 * width));
  for (let row = 0; row < height; ++row) rows[row * (1 + 3 * width)] = 0;
  return { name: "carte grise.png", mimeType: "image/png", buffer: Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]) };
}

// A PDF of one empty page.
export function pdf(name = "facture.pdf") {
  const objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"];
  let text = "%PDF-1.7\n", table = "xref\n0 4\n0000000000 65535 f \n";
  objects.forEach((object, i) => {
    table += `${String(text.length).padStart(10, "0")} 00000 n \n`;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
  });
  return { name, mimeType: "application/pdf", buffer: Buffer.from(`${text}${table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`) };
}

export const letter = { name: "facture.pdf", mimeType: "application/pdf", buffer: Buffer.from("Cher service, voici ma facture.") };
