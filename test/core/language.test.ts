import { findLanguage, isSameLanguage, languageTag, threeLetters } from '../../core/language';

describe('languages', () => {
  it.each([
    ['eng', 'en', 'eng'],
    ['ger', 'de', 'deu'],
    ['DE-ch', 'de-CH', 'deu'],
    ['zh-hant', 'zh-Hant', 'zho'],
    ['es-419', 'es-419', 'spa'],
    ['tlh', 'tlh', 'tlh'],
    ['und', 'und', 'und'],
  ])('%s is %s as a tag and %s in an MP4', (language, tag, three) => {
    expect([languageTag(language), threeLetters(language)]).toEqual([tag, three]);
  });

  it('that have two codes are the same by either', () => {
    expect(isSameLanguage('ger', 'deu')).toBe(true);
    expect(isSameLanguage('ger', 'eng')).toBe(false);
  });

  it('are found by their very tag before a relative, and a relative before none', () => {
    const tracks = [{ language: 'pt' }, { language: 'pt-BR' }, { language: 'ger' }];
    expect(findLanguage(tracks, 'pt-br')).toBe(tracks[1]);
    expect(findLanguage(tracks, 'por')).toBe(tracks[0]);
    expect(findLanguage(tracks, 'de-AT')).toBe(tracks[2]);
    expect(findLanguage(tracks, 'fr')).toBeUndefined();
  });
});
