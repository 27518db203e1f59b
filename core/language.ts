/** Languages that ISO 639-2 gives two codes: files use either. */
const TWO_CODES: Readonly<Record<string, string>> = {
  alb: 'sqi',
  arm: 'hye',
  baq: 'eus',
  bur: 'mya',
  chi: 'zho',
  cze: 'ces',
  dut: 'nld',
  fre: 'fra',
  geo: 'kat',
  ger: 'deu',
  gre: 'ell',
  ice: 'isl',
  mac: 'mkd',
  mao: 'mri',
  may: 'msa',
  per: 'fas',
  rum: 'ron',
  slo: 'slk',
  tib: 'bod',
  wel: 'cym',
};

/** Whether two codes of ISO 639-2 mean the same language: `ger` and `deu` do. */
export function isSameLanguage(a: string, b: string): boolean {
  return (TWO_CODES[a] ?? a) === (TWO_CODES[b] ?? b);
}

/** The tag of BCP 47 for a code of ISO 639-2: `de` for `deu` and `ger`. */
export function languageTag(code: string): string {
  return Intl.getCanonicalLocales(TWO_CODES[code] ?? code)[0] ?? code;
}

/** What a language is called by those who speak it; its tag where that is not known. */
export function languageName(code: string): string {
  const tag = languageTag(code);
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
}
