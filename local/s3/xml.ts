import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { S3Error } from './errors';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** What `renderXml` takes: absent values are left out, lists repeat their element. */
export type XmlValue = string | number | boolean | undefined | XmlValue[] | { [name: string]: XmlValue };

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: false });
// Nothing may be trimmed or turned into a number: keys and ETags pass through here.
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
});

/** An XML document with AWS's namespace on its root element. */
export function renderXml(root: string, content: { [name: string]: XmlValue }): string {
  return declare(builder.build({ [root]: { '@_xmlns': NAMESPACE, ...content } }));
}

/** The document of an error; it has no namespace. */
export function renderError(content: { [name: string]: XmlValue }): string {
  return declare(builder.build({ Error: content }));
}

/** Parses a request document with the given root element; `MalformedXML` where it is anything else. */
export function parseXml(text: string, root: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = parser.parse(text, true);
  } catch (error) {
    throw malformedXml(`The XML you provided was not well-formed: ${String(error)}`, error);
  }
  const content = isRecord(parsed) ? parsed[root] : undefined;
  if (!isRecord(content)) throw malformedXml(`The root element must be ${root} and must not be empty.`);
  return content;
}

/** The elements of that name below a parsed element, be there none, one or many. */
export function childrenOf(parent: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const value = parent[name];
  if (value === undefined) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every(isRecord)) throw malformedXml(`${name} must contain elements.`);
  return list;
}

/** The text of an element; undefined where it is absent. */
export function textOf(parent: Record<string, unknown>, name: string): string | undefined {
  const value = parent[name];
  return typeof value === 'string' ? value : undefined;
}

export function malformedXml(message: string, cause?: unknown): S3Error {
  return new S3Error('MalformedXML', message, { cause });
}

// Control characters are legal in keys; raw in XML they are lost (CR becomes LF) or break the parser.
function declare(xml: string): string {
  const escaped = xml.replace(/[^\P{Cc}\n\t]/gu, character => `&#${character.codePointAt(0)};`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${escaped}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
