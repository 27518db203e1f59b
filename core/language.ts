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

/** Two letters of ISO 639-1 with the three of ISO 639-2. */
const LETTERS = `
aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bi:bis bm:bam
bn:ben bo:bod br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces cu:chu cv:chv cy:cym da:dan de:deu dv:div dz:dzo
ee:ewe el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas ff:ful fi:fin fj:fij fo:fao fr:fra fy:fry ga:gle gd:gla gl:glg
gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye hz:her ia:ina id:ind ie:ile ig:ibo ii:iii
ik:ipk io:ido is:isl it:ita iu:iku ja:jpn jv:jav ka:kat kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor kr:kau
ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub lv:lav mg:mlg mh:mah mi:mri
mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya na:nau nb:nob nd:nde ne:nep ng:ndo nl:nld nn:nno no:nor nr:nbl nv:nav
ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:ron ru:rus rw:kin
sa:san sc:srd sd:snd se:sme sg:sag si:sin sk:slk sl:slv sm:smo sn:sna so:som sq:sqi sr:srp ss:ssw st:sot su:sun sv:swe
sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr
ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha zh:zho zu:zul`;

const THREE_LETTERS = new Map(
  LETTERS.trim()
    .split(/\s+/)
    .map(pair => [pair.slice(0, 2), pair.slice(3)]),
);
const TWO_LETTERS = new Map([...THREE_LETTERS].map(([two, three]) => [three, two]));

/** What is taken for a language: a tag of BCP 47, such as `en`, `pt-BR` or `zh-Hant`, or three letters of ISO 639-2. */
export const LANGUAGE_PATTERN = /^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?$/;

/** Stands where the language is not known. */
export const UNKNOWN_LANGUAGE = 'und';

/** Whether two codes of ISO 639-2 mean the same language: `ger` and `deu` do. */
export function isSameLanguage(a: string, b: string): boolean {
  return (TWO_CODES[a] ?? a) === (TWO_CODES[b] ?? b);
}

/** The usual form of a language tag: `ger` and `DE` are `de`, `pt-br` is `pt-BR`. */
export function languageTag(language: string): string {
  const [primary = '', ...rest] = language.toLowerCase().split('-');
  const three = TWO_CODES[primary] ?? primary;
  const subtags = rest.map(subtag =>
    subtag.length === 4 ? `${subtag.charAt(0).toUpperCase()}${subtag.slice(1)}` : subtag.toUpperCase(),
  );
  return [TWO_LETTERS.get(three) ?? three, ...subtags].join('-');
}

/** Three letters of ISO 639-2 for a language tag, as MP4 has room for. */
export function threeLetters(language: string): string {
  const [primary = ''] = languageTag(language).split('-');
  return THREE_LETTERS.get(primary) ?? (primary.length === 3 ? primary : UNKNOWN_LANGUAGE);
}

/** The first in the wanted language: the very same tag before another of the same language. */
export function findLanguage<T extends { readonly language: string }>(
  items: readonly T[],
  wanted: string,
): T | undefined {
  const tag = languageTag(wanted);
  return (
    items.find(({ language }) => languageTag(language) === tag) ??
    items.find(({ language }) => threeLetters(language) === threeLetters(tag))
  );
}
/** What a language is called by those who speak it; its tag where that is not known. */
export function languageName(code: string): string {
  const tag = languageTag(code);
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
}
