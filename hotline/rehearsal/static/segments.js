// How many texts a text is, as carriers count (GSM 03.38, and UCS-2 for what that lacks).
const GSM = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
const TWICE = new Set('^{}\\[~]|€');

export const measure = (words) => {
  const signs = [...words], narrow = signs.every((sign) => GSM.has(sign) || TWICE.has(sign));
  const units = narrow ? signs.reduce((sum, sign) => sum + (TWICE.has(sign) ? 2 : 1), 0) : words.length;
  const [one, each] = narrow ? [160, 153] : [70, 67];
  const segments = units > one ? Math.ceil(units / each) : Number(units > 0);
  return { units, segments, room: segments > 1 ? segments * each : one, coding: narrow ? 'GSM-7' : 'UCS-2' };
};
