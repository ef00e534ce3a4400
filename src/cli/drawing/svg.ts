/** The marks of our drawings: an SVG file that needs nothing else, on white wherever it is shown. */

/** Okabe and Ito's colours, which colour-blind people can tell apart; the green is darkened for text on white. */
export const BLUE = "#0072b2";
export const VERMILION = "#d55e00";
export const GREEN = "#00795a";
export const GRAY = "#666666";
export const INK = "#222222";
export const PAPER = "#ffffff";
export const SHADE = "#f3f4f6";

export function textAt(x: number, y: number, text: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeXml(text)}</text>`;
}

export function stroke(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<path fill="none" stroke="${colour}" d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}"/>`;
}

export function rectangle(left: number, top: number, right: number, bottom: number, fill: string): string {
  return `<rect x="${round(left)}" y="${round(top)}" width="${round(Math.max(right - left, 0))}" height="${round(bottom - top)}" fill="${fill}"/>`;
}

export function round(pixels: number): string {
  return String(Math.round(pixels * 100) / 100);
}

export function clip(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(length - 1, 0)).join("")}…`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML 1.0 does not know, such as control characters and halves of pairs, become �. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replaceAll(/[&<>"]/g, (mark) => ENTITIES[mark] ?? mark);
}

/** The first lines of a drawing, and its paper. */
export function openSvg(width: number, height: number, heading: string): string[] {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif" font-size="12" fill="${INK}">`,
    `<title>${escapeXml(heading)}</title>`,
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>`,
  ];
}
