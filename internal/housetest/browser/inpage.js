// The part of the checks that runs inside the page. It only looks, and changes
// nothing but what its names say. Findings are {rule, at, want}.
window.__look = (() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const style = (e) => getComputedStyle(e);
  const squeeze = (s) => (s || '').trim().replace(/\s+/g, ' ');

  // A path a person can find the element by.
  const path = (e) => {
    if (!e || e === document.body) return 'body';
    if (e === document.documentElement) return 'html';
    if (e.id) return '#' + e.id;
    const kind = typeof e.className === 'string' && e.className.trim() ? '.' + e.className.trim().split(/\s+/)[0] : '';
    const name = e.getAttribute('name') ? `[name=${e.getAttribute('name')}]` : '';
    const own = e.tagName.toLowerCase() + kind + name;
    return e.parentElement && e.parentElement !== document.body ? path(e.parentElement) + '>' + own : own;
  };
  const visible = (e) => {
    if (!e.isConnected) return false;
    const r = e.getBoundingClientRect(), s = style(e);
    return r.width > 0 && r.height > 0 && s.visibility !== 'hidden' && s.display !== 'none' && Number(s.opacity) !== 0 && e.checkVisibility({ checkVisibilityCSS: true });
  };
  // Clipped to a point for the eye, there for a screen reader.
  const spoken = (e) => {
    for (let x = e; x && x !== document.body; x = x.parentElement) {
      const s = style(x);
      if (s.position === 'absolute' && (s.clipPath !== 'none' || s.clip !== 'auto') && x.getBoundingClientRect().width <= 2) return true;
    }
    return false;
  };
  const there = (e) => visible(e) || spoken(e);
  const nameOf = (e) => squeeze(e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') || '').split(/\s+/).map((id) => document.getElementById(id)?.textContent || '').join(' ') || e.innerText || e.value || e.title || e.querySelector?.('img')?.alt);

  // Colours.
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const colour = (text) => { // any CSS colour, as the browser paints it
    const m = /^rgba?\(([^)]+)\)$/.exec(text);
    if (m) { const [r, g, b, a = 1] = m[1].split(/[,/\s]+/).filter(Boolean).map(Number); return { r, g, b, a }; }
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { r, g, b, a: a / 255 };
  };
  const light = ({ r, g, b }) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => { const x = light(a), y = light(b); return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
  const ground = (e) => {
    for (let x = e; x; x = x.parentElement) { const c = colour(style(x).backgroundColor); if (c.a > 0.95) return c; }
    return { r: 255, g: 255, b: 255, a: 1 };
  };

  // What Tab should reach; a group of radio buttons is one stop.
  const stops = () => {
    const groups = new Set();
    return all('a[href],area[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex],iframe,audio[controls],video[controls],[contenteditable=true]').filter((e) => {
      if (e.disabled || e.matches(':disabled') || e.tabIndex < 0 || e.closest('[inert]') || !there(e)) return false;
      if (e.type !== 'radio') return true;
      const group = (e.form ? path(e.form) : '') + '|' + e.name;
      return !groups.has(group) && groups.add(group);
    });
  };

  const structure = (lang, rtl, langs, sensitive) => {
    const found = [], say = (rule, at, want) => found.push({ rule, at: typeof at === 'string' ? at : path(at), want });
    const each = (rule, elements, want) => elements.forEach((e) => say(rule, e, want));
    const html = document.documentElement;
    if (html.lang.split('-')[0] !== lang.split('-')[0]) say('language of the page', `html lang="${html.lang}"`, `lang="${lang}"`);
    if ((html.dir || 'ltr') !== (rtl ? 'rtl' : 'ltr')) say('direction of the page', `html dir="${html.dir}"`, rtl ? 'dir="rtl"' : 'dir="ltr"');
    if (!squeeze(document.title)) say('title', 'head', 'a title');

    const heads = all('h1,h2,h3,h4,h5,h6').filter(there);
    const ones = heads.filter((h) => h.tagName === 'H1');
    if (ones.length !== 1) say('one h1', ones.length ? ones.map(path).join(', ') : 'main', `exactly one h1, there are ${ones.length}`);
    heads.forEach((h, i) => { if (i && Number(h.tagName[1]) > Number(heads[i - 1].tagName[1]) + 1) say('heading levels', h, `no jump from ${heads[i - 1].tagName.toLowerCase()} to ${h.tagName.toLowerCase()} ("${squeeze(h.innerText).slice(0, 40)}")`); });

    const outer = (tag, role) => all(`${tag}:not(article ${tag}):not(section ${tag}):not(main ${tag}),[role=${role}]`).filter(there);
    for (const [name, list] of [['main', all('main,[role=main]').filter(there)], ['header', outer('header', 'banner')], ['footer', outer('footer', 'contentinfo')]]) {
      if (list.length !== 1) say('landmarks', list.map(path).join(', ') || 'body', `exactly one ${name}, there are ${list.length}`);
    }
    each('content in landmarks', all('body>*').filter((e) => there(e) && !e.matches('header,nav,main,footer,aside,script,[role],a[href^="#"],form[role=search],dialog,style,link,template,noscript') && squeeze(e.innerText)), 'inside header, nav, main, aside or footer');
    const navs = all('nav,[role=navigation]').filter(there), names = navs.map((n) => squeeze(n.getAttribute('aria-label') || document.getElementById(n.getAttribute('aria-labelledby') || '')?.innerText));
    if (navs.length > 1) navs.forEach((n, i) => { if (!names[i] || names.indexOf(names[i]) !== i) say('names of nav', n, 'a name of its own by aria-label or aria-labelledby'); });

    const alternates = all('link[rel~=alternate][hreflang]').map((l) => [l.hreflang, l.href]);
    const switches = all('a[hreflang],button[lang],option[lang]').filter(there);
    if (langs.length > 1) {
      for (const l of langs) {
        if (!alternates.some((a) => a[0] === l)) say('alternates', 'head', `link rel="alternate" hreflang="${l}"`);
        if (l !== lang && !switches.some((s) => s.hreflang === l)) say('language switcher', 'header', `a link with hreflang="${l}"`);
      }
      each('language switcher', switches.filter((s) => s.hreflang && s.lang !== s.hreflang), 'lang equal to hreflang, for the name is in that language');
    }

    each('forms', all('form').filter((f) => !f.querySelector('button:not([type=button]),input[type=submit],input[type=image]') && !(f.id && document.querySelector(`button[form="${CSS.escape(f.id)}"]:not([type=button])`))), 'a submit button');
    each('required', all('form [required]').filter((e) => !e.form?.noValidate), 'novalidate on the form: the browser’s own messages are in another language and lose what was typed');
    each('asterisks', all('label,legend').filter((l) => /\*\s*$/.test(l.innerText)), 'words, not an asterisk');
    if (!sensitive) each('autocomplete', all('input[type=email]:not([autocomplete]),input[type=tel]:not([autocomplete]),input[name*=name i]:not([autocomplete]):not([type=hidden])'), 'autocomplete (WCAG 1.3.5)');
    each('image sizes', all('img:not([width]),img:not([height])'), 'width and height, so that nothing jumps');
    each('audio', all('audio').filter((a) => a.preload !== 'none' || a.autoplay), 'preload="none" and no autoplay');
    each('times', all('time:not([datetime])'), 'datetime');
    each('inline style', all('[style]').filter((e) => !e.closest('svg')), 'no style attribute: the policy blocks it');
    each('duplicate id', all('[id]').filter((e, i, list) => e.id && list.findIndex((x) => x.id === e.id) !== i), 'an id of its own');

    return { found, title: document.title, blocks: blocks(), alternates, nav: all('header nav,footer').map((n) => all('a[href]', n).filter((a) => !a.hreflang).map((a) => a.pathname)) };
  };

  // Text by block and declared language, for the language of parts.
  const blocks = () => {
    const inline = new Set('A EM STRONG B I U S SPAN SMALL ABBR TIME BDI BDO MARK Q CITE SUP SUB LABEL'.split(' ')), byElement = new Map();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      const text = n.data.replace(/\s+/g, ' '), parent = n.parentElement;
      if (!text.trim() || parent.closest('script,style,noscript,code,kbd,samp,svg,template,textarea,[translate=no]')) continue;
      const declared = parent.closest('[lang]');
      let e = parent;
      while (e !== declared && inline.has(e.tagName) && e.parentElement && e.parentElement !== document.body) e = e.parentElement;
      const block = byElement.get(e) || { text: '', lang: declared?.lang || '', e };
      block.text += text;
      byElement.set(e, block);
    }
    return [...byElement.values()].filter((b) => b.text.trim().length > 12 && there(b.e)).map((b) => ({ text: b.text.trim(), lang: b.lang, rtl: style(b.e).direction === 'rtl', at: path(b.e) }));
  };

  const left = () => { try { return [...Object.keys(localStorage).map((k) => 'localStorage ' + k), ...Object.keys(sessionStorage).map((k) => 'sessionStorage ' + k)]; } catch { return []; } };
  const mainText = () => squeeze(document.querySelector('main')?.innerText).length;

  // What does nothing without JavaScript.
  const dead = () => {
    const found = [], each = (list, want) => list.forEach((e) => found.push({ rule: 'dead without JavaScript', at: path(e), want }));
    each(all('button').filter((e) => visible(e) && !e.form && !e.closest('summary,audio,video') && !e.hasAttribute('popovertarget') && !e.hasAttribute('command')), 'a button in a form, or hidden until a script is there');
    each(all('button[type=button]').filter((e) => visible(e) && e.form && !e.hasAttribute('popovertarget') && !e.hasAttribute('command')), 'no type="button", or hidden until a script is there');
    each(all('a[href="#"],a[href^="javascript:"],a:not([href])[role]').filter(visible), 'a link that leads somewhere');
    each(all('[onclick],[onchange],[onsubmit]').filter(visible), 'no inline handler');
    each(all('form').filter((f) => visible(f) && !f.getAttribute('action') && f.method === 'post'), 'an action');
    each(all('select').filter((s) => visible(s) && !s.form), 'inside a form');
    return found;
  };

  // Sentences and words of what the page says itself (not quotes, not other languages).
  const reading = (lang) => {
    const root = document.querySelector('[data-plain]') || document.querySelector('main');
    if (!root) return null;
    const text = all('p,li,dd,td,label,legend,blockquote', root).filter((e) => !e.querySelector('p,li') && !e.closest('[lang]:not(html)') && !e.closest('[data-quote]'))
      .map((e) => e.innerText.trim().replace(/([^.!?؟。…:])$/u, '$1.')).filter((s) => s.split(/\s+/).length > 4).join('\n');
    const words = new Intl.Segmenter(lang, { granularity: 'word' }), count = (s) => [...words.segment(s)].filter((x) => x.isWordLike);
    const sentences = [...new Intl.Segmenter(lang, { granularity: 'sentence' }).segment(text)].map((s) => s.segment.trim()).filter((s) => /\p{L}/u.test(s));
    const list = count(text).map((x) => x.segment), per = sentences.map((s) => count(s).length).sort((a, b) => a - b);
    if (!list.length) return null;
    const mean = list.length / sentences.length, long = (100 * list.filter((w) => [...w].length > 6).length) / list.length;
    return { words: list.length, mean, p95: per[Math.min(per.length - 1, Math.floor(per.length * 0.95))], lix: mean + long, longest: sentences.reduce((a, s) => (count(s).length > count(a).length ? s : a), '') };
  };

  // Keyboard. remember() before the first Tab, then step() after each.
  let before, order;
  const looks = (e) => { const s = style(e); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.textDecorationLine + s.textDecorationThickness].join('|'); };
  const remember = () => { document.activeElement?.blur?.(); window.scrollTo(0, 0); order = []; before = new Map(stops().map((e) => [e, looks(e)])); return before.size; };
  const step = () => {
    const e = document.activeElement;
    if (!e || e === document.body || e === document.documentElement) return null;
    const known = order.indexOf(e);
    if (known >= 0) return { again: true, index: known };
    order.push(e);
    const r = e.getBoundingClientRect(), s = style(e);
    const outline = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 ? contrast(colour(s.outlineColor), ground(e.parentElement || e)) : 0;
    let covered = '';
    if (r.width && r.height) {
      // What is taller than the window (a long table) is in sight when part of it is: 2.4.11 asks that it is not hidden entirely.
      const seen = (Math.max(0, r.top) + Math.min(innerHeight, r.bottom)) / 2;
      const points = [0.5, 0.1, 0.9].map((k) => [r.left + r.width * k, r.bottom > 0 && r.top < innerHeight ? seen : -1]).filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
      const clear = points.some(([x, y]) => { const top = document.elementFromPoint(x, y); return top && (top === e || e.contains(top) || top.contains(e) || top.closest('label')?.control === e); });
      if (!points.length) covered = 'off screen'; else if (!clear) covered = 'under ' + path(document.elementFromPoint(...points[0]));
    }
    return { index: order.length - 1, at: path(e), tabindex: e.tabIndex, changed: before.get(e) !== looks(e), outline, covered, x: r.left + scrollX, y: r.top + scrollY, w: r.width, h: r.height, href: e.getAttribute('href') || '' };
  };
  const unreached = () => {
    const reached = new Set(order), radios = new Set(order.filter((e) => e.type === 'radio').map((e) => e.name));
    return stops().filter((e) => !reached.has(e) && !(e.type === 'radio' && radios.has(e.name)) && !e.closest('details:not([open])')).map(path);
  };
  let held;
  const letGo = () => { held = document.activeElement; held.blur(); return true; };
  const takeAgain = () => { held.focus({ preventScroll: true }); return true; };
  const leadsToMain = (href) => { const t = document.getElementById(decodeURIComponent(href.slice(1))); return !!t && (t.matches('main,main *') || !!t.querySelector('main,h1')); };

  // Reflow.
  const overflow = () => {
    const width = document.documentElement.clientWidth, whole = document.scrollingElement.scrollWidth;
    if (whole <= width + 1) return [];
    const inside = (r) => r.right <= width + 1 && r.left >= -1;
    const out = all('body *').filter((e) => {
      if (!visible(e) || spoken(e) || inside(e.getBoundingClientRect())) return false;
      for (let x = e.parentElement; x && x !== document.body; x = x.parentElement) if (style(x).overflowX !== 'visible' && inside(x.getBoundingClientRect())) return false;
      return true;
    });
    return out.length ? out.slice(0, 6).map(path) : [`page, ${whole} px wide`];
  };
  const cut = () => all('body *').filter((e) => {
    if (!e.innerText?.trim() || !visible(e) || spoken(e) || e.closest('svg')) return false;
    const s = style(e), clips = /hidden|clip/.test(s.overflowX + s.overflowY), dots = s.textOverflow === 'ellipsis';
    return dots ? e.scrollWidth > e.clientWidth + 1 : clips && (e.scrollHeight > e.clientHeight + 3 || e.scrollWidth > e.clientWidth + 3);
  }).map(path);
  const cover = () => { // share of the height under fixed and sticky parts, in the middle of the page
    window.scrollTo(0, document.body.scrollHeight / 2);
    let sum = 0;
    for (const e of all('*')) {
      if (!/fixed|sticky/.test(style(e).position) || !visible(e)) continue;
      const r = e.getBoundingClientRect(), high = Math.min(r.bottom, innerHeight) - Math.max(r.top, 0);
      if (high > 0 && r.width > innerWidth / 3) sum += high;
    }
    window.scrollTo(0, 0);
    return sum / innerHeight;
  };
  const fixedText = () => { // with the root at 200 %, text under 24 px has ignored it
    const seen = new Set();
    return all('p,li,a,label,button,h1,h2,td').filter((e) => { const size = parseFloat(style(e).fontSize); return e.innerText?.trim() && visible(e) && size < 24 && !seen.has(e.tagName) && seen.add(e.tagName); }).map((e) => `${path(e)} (${style(e).fontSize})`);
  };
  const sheets = new Map();
  const wear = (name, css) => { // a style of the checks, beyond the page's policy
    let sheet = sheets.get(name);
    if (!sheet) { sheet = new CSSStyleSheet(); sheets.set(name, sheet); document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }
    sheet.replaceSync(css);
    return true;
  };

  // Modes.
  const starts = () => { // where things begin, from either side
    const box = (selector, text) => {
      const e = document.querySelector(selector);
      if (!e || !visible(e)) return null;
      let r = e.getBoundingClientRect();
      if (text) { const range = document.createRange(); range.selectNodeContents(e); r = range.getBoundingClientRect(); }
      return r.width ? { left: r.left, right: innerWidth - r.right } : null;
    };
    const out = { brand: box('header a[href]:not([href^="#"])'), h1: box('h1', true), main: box('main'), first: box('main li, main label', true), footer: box('footer a[href]') };
    for (const k of Object.keys(out)) if (!out[k]) delete out[k];
    return out;
  };
  const arabic = () => all('body *').filter((e) => visible(e) && [...e.childNodes].some((n) => n.nodeType === 3 && /\p{Script=Arabic}/u.test(n.data)) && (parseFloat(style(e).letterSpacing) > 0 || style(e).fontStyle === 'italic')).map(path);
  const fieldEdges = () => all('input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=image]):not([type=range]):not([type=color]):not([type=file]),select,textarea').filter((e) => {
    if (!visible(e) || spoken(e)) return false;
    if (/^(checkbox|radio)$/.test(e.type) && style(e).appearance !== 'none') return false;
    const s = style(e), out = ground(e.parentElement), inside = colour(s.backgroundColor);
    const edges = ['Top', 'Bottom'].filter((k) => parseFloat(s[`border${k}Width`])).map((k) => colour(s[`border${k}Color`]));
    return Math.max(0, ...edges.map((c) => contrast(c, out)), inside.a > 0.95 ? contrast(inside, out) : 0) < 3;
  }).map(path);
  const lostEdges = () => all('button,.button,[role=button],input[type=submit],[aria-current]').filter((e) => {
    if (!visible(e)) return false;
    const s = style(e);
    return !['Top', 'Right', 'Bottom', 'Left'].some((k) => parseFloat(s[`border${k}Width`]) > 0 && s[`border${k}Style`] !== 'none') && s.textDecorationLine === 'none' && s.outlineStyle === 'none';
  }).map(path);
  const moving = () => document.getAnimations().filter((a) => a.playState === 'running' && (a.effect?.getComputedTiming().duration || 0) > 1).map((a) => `${path(a.effect?.target)} ${a.animationName || a.transitionProperty || 'animation'}`);
  const onPaper = () => all('header nav,footer nav,.skip,button,input[type=submit],.exit').filter((e) => visible(e) && !spoken(e)).map(path);
  const darkPaper = () => light(ground(document.querySelector('main') || document.body)) < 0.85;
  const openDetails = () => { all('details').forEach((d) => { d.open = true; }); return true; };
  const axeRun = async (type, values) => {
    const run = await window.axe.run(document, { runOnly: { type, values }, ...(type === 'tag' ? { rules: { 'target-size': { enabled: true } } } : {}), resultTypes: ['violations'] });
    return run.violations.flatMap((v) => v.nodes.slice(0, 4).map((n) => ({ rule: 'axe ' + v.id, at: n.target.join(' '), want: v.help + (n.any?.[0]?.message ? ` (${n.any[0].message})` : '') })));
  };

  const htmlcs = () => new Promise((ok, no) => window.HTMLCS.process('WCAG2AA', document, () => ok(window.HTMLCS.getMessages().filter((m) => m.type === 1).map((m) => ({ rule: 'HTML_CodeSniffer ' + m.code.replace(/^WCAG2AA\./, ''), at: path(m.element), want: m.msg }))), no));
  const exit = (high) => {
    const e = document.querySelector('[data-exit]'), wrong = [];
    if (!e) return ['page: there is none'];
    const r = e.getBoundingClientRect();
    if (e.tagName !== 'A' || !/^(https?:|\/)/.test(e.getAttribute('href') || '')) wrong.push('[data-exit]: no plain link');
    if (!/noreferrer/.test(e.rel)) wrong.push('[data-exit]: rel');
    if (e.target) wrong.push('[data-exit]: opens a window');
    if (r.height < high) wrong.push(`[data-exit]: ${Math.round(r.height)} px high`);
    if (r.top > innerHeight) wrong.push('[data-exit]: below the first screen');
    return wrong;
  };
  // What is wrong with the list of errors above a form that came back.
  const errorList = () => {
    const list = document.querySelector('[data-error-summary]'), wrong = [];
    if (!list) return ['there is no list of errors'];
    const links = all('a[href^="#"]', list), h1 = document.querySelector('h1');
    if (!links.length) wrong.push('no link to a field');
    for (const a of links) {
      const at = document.getElementById(a.getAttribute('href').slice(1)), field = at && (at.matches('input,select,textarea') ? at : at.querySelector('input,select,textarea'));
      if (!field) { wrong.push(`${a.getAttribute('href')} leads to no field`); continue; }
      if (field.getAttribute('aria-invalid') !== 'true') wrong.push(`aria-invalid is missing on ${field.name}`);
      const beside = (field.getAttribute('aria-describedby') || field.closest('fieldset')?.getAttribute('aria-describedby') || '').split(/\s+/);
      if (!beside.some((id) => document.getElementById(id)?.innerText.includes(a.innerText.trim()))) wrong.push(`the same words do not stand beside ${field.name}`);
    }
    if (h1 && list.compareDocumentPosition(h1) & 2) wrong.push('it comes after the h1');
    return wrong;
  };

  // For the hands of a test: the element that a label, a visible text or a selector names.
  const control = (label) => label.control || (label.htmlFor && document.getElementById(label.htmlFor)) || label.querySelector('input,select,textarea');
  const findControl = (what) => {
    const wanted = squeeze(what).toLowerCase(), texts = (e) => squeeze(e.innerText).toLowerCase();
    const labels = all('label').filter(there);
    const label = labels.find((l) => texts(l) === wanted) || labels.find((l) => texts(l).startsWith(wanted));
    if (label && control(label)) return control(label);
    const named = all('input,select,textarea,[contenteditable=true]').filter((e) => e.type !== 'hidden').find((e) => nameOf(e).toLowerCase() === wanted || squeeze(e.getAttribute('aria-label')).toLowerCase() === wanted || e.name === what);
    return named || bySelector(what);
  };
  const bySelector = (what) => { try { return document.querySelector(what); } catch { return null; } };
  const findTarget = (what) => {
    const wanted = squeeze(what), seen = all('a[href],button,summary,[role=button],[role=tab],input[type=submit],input[type=button],label,option').filter(there);
    return seen.find((e) => squeeze(e.innerText || e.value) === wanted) || seen.find((e) => nameOf(e) === wanted) || bySelector(what) || seen.find((e) => squeeze(e.innerText || e.value).startsWith(wanted)) || null;
  };
  const where = (what) => {
    const e = findTarget(what);
    if (!e) return null;
    e.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const box = [...e.getClientRects()].find((r) => r.width && r.height) || e.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    return { x, y, at: path(e), covered: !top || top === e || e.contains(top) || top.contains(e) ? '' : path(top) };
  };
  const fill = (what, value) => {
    const e = findControl(what);
    if (!e) return '';
    e.scrollIntoView({ block: 'center', behavior: 'instant' });
    e.focus();
    const tell = () => { e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true })); };
    if (e.tagName === 'SELECT') {
      const option = [...e.options].find((o) => squeeze(o.text) === squeeze(value)) || [...e.options].find((o) => o.value === value);
      if (!option) return 'no option';
      e.value = option.value; tell();
      return 'done';
    }
    if (/^(checkbox|radio)$/.test(e.type)) { const on = value !== '' && value !== 'off' && value !== 'false'; if (e.checked !== on) e.click(); return 'done'; }
    if (/^(date|time|datetime-local|month|week|range|color|number)$/.test(e.type)) { e.value = value; tell(); return 'done'; }
    if (e.type === 'file') return 'file ' + path(e);
    if (e.select) e.select(); else getSelection().selectAllChildren(e);
    return 'type';
  };

  return { structure, left, mainText, dead, reading, remember, step, unreached, letGo, takeAgain, leadsToMain, overflow, cut, cover, fixedText, wear, starts, arabic, fieldEdges, lostEdges, moving, onPaper, darkPaper, openDetails, axeRun, htmlcs, exit, errorList, where, fill };
})();
