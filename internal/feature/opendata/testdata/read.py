"""Reads a folder of exported files with programs that are not ours (openpyxl,
python-docx, newsboat, ElementTree) and prints what each understood:
{file: {ids, titles, rtl, problems}}."""
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

import docx
import openpyxl

folder = sys.argv[1]
out = {}


def xlsx(path):
    book = openpyxl.load_workbook(path)
    sheet = book["data"]
    rows = list(sheet.iter_rows(values_only=True))
    names = {label: name for name, label in book["names"].iter_rows(values_only=True)}
    head = [names.get(label) for label in rows[0]]
    problems = [f"nobody says what {label} is" for label, name in zip(rows[0], head) if not name]
    problems += [f"{c.coordinate} is a formula" for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    column = {name: i for i, name in enumerate(head)}
    for row in rows[1:]:
        for name in ("lat", "lon"):
            if name in column and row[column[name]] is not None and not isinstance(row[column[name]], (int, float)):
                problems.append(f"{name} is no number: {row[column[name]]}")
    return {
        "ids": [r[column["id"]] for r in rows[1:]],
        "titles": [r[column["title"]] for r in rows[1:]],
        "rtl": bool(sheet.sheet_view.rightToLeft),
        "problems": problems,
    }


def word(path):
    paragraphs = docx.Document(path).paragraphs
    titles = [p for p in paragraphs if p.style.name == "Title"]
    bidi = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}bidi"
    rtl = [p for p in titles if p._p.pPr is not None and p._p.pPr.find(bidi) is not None]
    return {"titles": [p.text for p in titles], "rtl": bool(rtl), "problems": []}


def sitemap(path):
    ns = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    pages, problems = [], []
    for url in tree.parse(path).getroot().findall("s:url", ns):
        own = url.find("s:loc", ns).text
        others = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", ns)}
        if own not in others.values():
            problems.append(own + " does not name itself among its languages")
        pages += others.values()
    return {"ids": pages, "problems": problems}


def feeds(names):
    """All feeds at once, as somebody subscribes to them."""
    with tempfile.TemporaryDirectory() as home:
        at = {name: "file://" + os.path.join(folder, name) for name in names}
        for file, text in (("urls", "\n".join(at.values()) + "\n"), ("config", "")):
            with open(os.path.join(home, file), "w") as f:
                f.write(text)
        cache = os.path.join(home, "cache.db")
        run = subprocess.run(
            ["newsboat", "-u", home + "/urls", "-C", home + "/config", "-c", cache, "-x", "reload"],
            capture_output=True, text=True, env={**os.environ, "HOME": home},
        )
        kept = sqlite3.connect(cache)
        rows = kept.execute("SELECT feedurl, guid, title FROM rss_item ORDER BY id").fetchall()
        titled = dict(kept.execute("SELECT rssurl, title FROM rss_feed").fetchall())
    for name, url in at.items():
        mine = [r for r in rows if r[0] == url]
        problems = [] if titled.get(url) else ["newsboat knows no such feed: " + run.stdout + run.stderr]
        out["newsboat " + name] = {"ids": [r[1] for r in mine], "titles": [r[2] for r in mine], "problems": problems}


for name in sorted(os.listdir(folder)):
    path = os.path.join(folder, name)
    if name.endswith(".xlsx"):
        out[name] = xlsx(path)
    elif name.endswith(".docx"):
        out[name] = word(path)
    elif name == "sitemap.xml":
        out[name] = sitemap(path)
for tag in ("fr", "ar"):  # a record is known by one identifier in all languages: newsboat keeps it once
    feeds([name for name in sorted(os.listdir(folder)) if name.endswith(f"-{tag}.atom")])
json.dump(out, sys.stdout)
