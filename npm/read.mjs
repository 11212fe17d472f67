// Reads a folder of exported files with programs that are not ours, and prints
// what each understood: {file: {ids, titles, langs, points, problems}}.
// Beside the packages it reads with, because Node looks for them from here.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { check } from '@placemarkio/check-geojson'
import Validator from '@adobe/structured-data-validator'
import { parseAtomFeed, parseJsonFeed } from 'feedsmith'
import jsonld from 'jsonld'

const folder = process.argv[2]

// vocabulary gives schema.org in the form the validator reads, from the
// declarations that schema-dts makes of each release of it.
function vocabulary() {
  const text = readFileSync(fileURLToPath(import.meta.resolve('schema-dts')).replace(/schema\.js$/, 'schema.d.ts'), 'utf8')
  const domains = new Map(), parents = new Map(), own = new Map(), names = new Set()
  for (const [, name, above, body] of text.matchAll(/interface (\w+)Base extends (?:Partial<)?([^{]*?) \{\n([\s\S]*?)\n\}/g)) {
    parents.set(name, [...above.matchAll(/(\w+)Base/g)].map(m => m[1]))
    own.set(name, [...body.matchAll(/^ {4}"(\w+)"\?:/gm)].map(m => m[1]))
  }
  for (const [, base, name] of text.matchAll(/interface \w+ extends (\w+)Base \{\n {4}"@type": "(\w+)"/g)) {
    names.add(name)
    if (base !== name) parents.set(name, [base])
  }
  for (const name of parents.keys()) names.add(name)
  for (const [name, list] of own) for (const p of list) domains.set(p, [...(domains.get(p) ?? []), name])
  const id = name => ({ '@id': 'schema:' + name })
  return {
    '@graph': [
      ...[...names].map(name => ({ ...id(name), '@type': 'rdfs:Class', 'rdfs:subClassOf': (parents.get(name) ?? []).map(id) })),
      ...[...domains].map(([p, list]) => ({ ...id(p), '@type': 'rdf:Property', 'schema:domainIncludes': list.map(id) })),
    ],
  }
}

const validator = new Validator(vocabulary())
const context = { document: { '@context': { '@vocab': 'https://schema.org/' } }, documentUrl: 'https://schema.org', contextUrl: null }

const readers = {
  atom(text) {
    const f = parseAtomFeed(text)
    return {
      ids: f.entries.map(e => e.id), titles: f.entries.map(e => words(e.title)),
      points: f.entries.filter(e => e.georss?.point).map(e => [e.georss.point.lng, e.georss.point.lat]),
      problems: [f.id, words(f.title), f.updated].every(Boolean) ? [] : ['a feed without id, title or date'],
    }
  },
  'feed.json'(text) {
    const f = parseJsonFeed(JSON.parse(text))
    return { ids: f.items.map(e => e.id), titles: f.items.map(e => e.title), langs: f.items.map(e => e.language), problems: f.items.filter(e => !e.content_text && !e.content_html).map(e => e.id + ' is empty') }
  },
  geojson(text) {
    const f = check(text)
    return { ids: f.features.map(x => x.id), titles: f.features.map(x => x.properties.name), points: f.features.map(x => x.geometry.coordinates), problems: [] }
  },
  async jsonld(text) {
    const doc = JSON.parse(text), problems = []
    const byType = {}
    for (const x of doc['@graph']) (byType[x['@type']] ??= []).push(x)
    for (const i of await validator.validate({ jsonld: byType, microdata: {}, rdfa: {}, errors: [] })) problems.push(`${i.severity} ${i.issueMessage}`)
    const quads = await jsonld.toRDF(doc, { documentLoader: async () => context, safe: true })
    const of = p => quads.filter(q => q.predicate.value === 'https://schema.org/' + p && q.subject.termType === 'NamedNode')
    return { ids: of('url').map(q => q.subject.value.split('/').pop()), titles: of('name').map(q => q.object.value), problems: [...new Set(problems)] }
  },
}

const words = t => (typeof t === 'string' ? t : t?.value)

const out = {}
for (const file of readdirSync(folder)) {
  const kind = file.slice(file.indexOf('.') + 1)
  if (!readers[kind]) continue
  try {
    out[file] = await readers[kind](readFileSync(join(folder, file), 'utf8'))
  } catch (e) {
    out[file] = { ids: [], titles: [], problems: [String(e), ...(e.issues ?? []).map(i => i.message)] }
  }
}
console.log(JSON.stringify(out))
