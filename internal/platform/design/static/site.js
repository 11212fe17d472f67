// Additions to pages that are complete without them. No page needs this file.
(function () {
	"use strict";
	var d = document, w = window, all = function (s, r) { return [].slice.call((r || d).querySelectorAll(s)); };
	// All HTML that is put into a page comes from this site and was escaped there.
	var same = function (s) { return s; }, rule = { createHTML: same, createScriptURL: same };
	if (w.trustedTypes) rule = w.trustedTypes.createPolicy("alliance", rule);
	var store = function (f) { try { return f(w.localStorage); } catch (e) { return null; } };

	// One polite voice for everything that changes without a new page.
	var voice = d.createElement("p");
	voice.className = "vh";
	voice.setAttribute("role", "status");
	d.body.appendChild(voice);
	var say = function (s) { voice.textContent = ""; setTimeout(function () { voice.textContent = s || ""; }, 100); };

	var summary = d.querySelector("[data-error-summary]");
	if (summary) { summary.tabIndex = -1; summary.focus(); }

	// The way out of a sensitive page: leaves no step back; Shift three times in five seconds.
	var exit = d.querySelector("[data-exit]"), shifts = 0, timer;
	var leave = function (e) { if (e) e.preventDefault(); d.body.hidden = true; w.location.replace(exit.href); };
	if (exit) {
		exit.addEventListener("click", leave);
		d.addEventListener("keydown", function (e) {
			if (e.key !== "Shift") { shifts = 0; return; }
			clearTimeout(timer);
			timer = setTimeout(function () { shifts = 0; }, 5000);
			if (++shifts === 3) leave();
		});
	}

	// Drafts stay in this browser until they were sent, only where a field asks for it.
	// What was sent is forgotten on the next page, unless that shows an error.
	store(function (s) {
		if (!summary && !d.querySelector("[data-fault]")) JSON.parse(s.getItem("sent") || "[]").forEach(function (k) { s.removeItem("keep:" + k); });
		s.removeItem("sent");
	});
	var kept = function (t) { return "keep:" + t.dataset.keep; };
	var dress = function (root) {
		all("[data-print],[data-copy],[data-pause]", root).forEach(function (b) { b.hidden = false; });
		all("textarea[data-keep]", root).forEach(function (t) {
			var old = store(function (s) { return s.getItem(kept(t)); });
			if (!old || t.value) return;
			t.value = old;
			say(t.dataset.kept);
		});
	};
	dress(d);
	d.addEventListener("input", function (e) {
		var t = e.target;
		if (t.dataset && t.dataset.keep) store(function (s) { if (t.value) s.setItem(kept(t), t.value); else s.removeItem(kept(t)); });
	});

	// A form is sent once; Ctrl+Enter sends it.
	d.addEventListener("submit", function (e) {
		var f = e.target;
		if (f.hasAttribute("data-filter")) { e.preventDefault(); narrow(f); return; }
		if (f.method !== "post") return;
		if (f.dataset.sent) { e.preventDefault(); return; }
		f.dataset.sent = "1";
		all("button", f).forEach(function (b) { b.setAttribute("aria-disabled", "true"); });
		var keys = all("[data-keep]", f).map(function (t) { return t.dataset.keep; });
		if (keys.length) store(function (s) { s.setItem("sent", JSON.stringify(keys)); });
	});
	w.addEventListener("pageshow", function () {
		all("form[data-sent]").forEach(function (f) {
			delete f.dataset.sent;
			all("button", f).forEach(function (b) { b.removeAttribute("aria-disabled"); });
		});
	});
	d.addEventListener("keydown", function (e) {
		var f = e.target.form;
		if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey) || !f) return;
		var b = f.querySelector("button:not([type=button])");
		if (b) { e.preventDefault(); b.click(); }
	});

	d.addEventListener("click", function (e) {
		var b = e.target.closest && e.target.closest("button");
		if (!b) return;
		if (b.hasAttribute("data-print")) w.print();
		if (b.dataset.copy && w.navigator.clipboard) w.navigator.clipboard.writeText(b.dataset.copy).then(function () { b.lastChild.textContent = b.dataset.done; say(b.dataset.done); });
		if (b.dataset.pause) {
			paused = !paused;
			var words = b.textContent;
			b.textContent = b.dataset.pause;
			b.dataset.pause = words;
			if (!paused) all("[data-poll]").forEach(look);
		}
	});

	// Filters and the map change the page in place; the address stays one that can be shared.
	function narrow(f) {
		var focus = [].indexOf.call(f.elements, d.activeElement);
		go(f.action.split("?")[0] + "?" + new URLSearchParams(new FormData(f)).toString(), function (main) {
			var again = (main.querySelector("[data-filter]") || {}).elements;
			if (again && again[focus]) again[focus].focus();
		});
	}
	function go(url, then) {
		var main = d.querySelector("main");
		main.setAttribute("aria-busy", "true");
		w.fetch(url).then(function (r) { if (!r.ok) throw r; return r.text(); }).then(function (text) {
			var page = new w.DOMParser().parseFromString(rule.createHTML(text), "text/html"), open = all("details", main).map(function (x) { return x.open; });
			w.history.pushState(null, "", url);
			d.title = page.title;
			main.removeAttribute("aria-busy");
			main.replaceChildren.apply(main, [].slice.call(page.querySelector("main").childNodes));
			all("details", main).forEach(function (x, i) { if (open[i]) x.open = true; });
			dress(main);
			then(main);
			var result = d.getElementById("result");
			if (result) say(result.textContent);
		}).catch(function () { w.location.href = url; });
	}
	d.addEventListener("alliance:go", function (e) { go(e.detail.url, e.detail.then); });
	w.addEventListener("popstate", function () { if (d.querySelector("[data-filter]")) w.location.reload(); });

	// While somebody writes: what says nearly the same. A suggestion, when a field is left.
	d.addEventListener("change", function (e) {
		var f = e.target.form, ask = f && f.querySelector("[data-suggest]"), list = f && f.querySelector("[data-suggestions]");
		if (!ask || !list || ["title", "summary"].indexOf(e.target.name) < 0) return;
		w.fetch(ask.dataset.suggest, { method: "POST", body: new URLSearchParams(new FormData(f)) }).then(function (r) {
			if (r.status === 200) return r.text().then(function (text) { list.innerHTML = rule.createHTML(text); });
		}).catch(function () { });
	});

	// Live parts: asked for every so many seconds while the page is looked at.
	var paused = false;
	function look(part) {
		if (paused || d.hidden || part.contains(d.activeElement)) return;
		var h = part.dataset.etag ? { "If-None-Match": part.dataset.etag } : {};
		w.fetch(part.dataset.poll, { headers: h, cache: "no-store" }).then(function (r) {
			if (r.status !== 200) return;
			var first = !part.dataset.etag;
			part.dataset.etag = r.headers.get("ETag") || "";
			return r.text().then(function (text) {
				if (part.was === text) return;
				part.was = text;
				part.innerHTML = rule.createHTML(text);
				dress(part);
				if (!first) say(part.dataset.said);
			});
		}).catch(function () { });
	}
	if (d.querySelector("[data-poll]")) {
		all("[data-poll]").forEach(function (part) { w.setInterval(function () { look(part); }, (part.dataset.every || 10) * 1000); });
		d.addEventListener("visibilitychange", function () { if (!d.hidden) all("[data-poll]").forEach(look); });
	}

	// A script that one part of a page needs comes when somebody reaches for that part.
	var brought = {};
	function bring(e) {
		var part = e.target.closest && e.target.closest("[data-script]"), url = part && part.dataset.script;
		if (!url || brought[url]) return;
		brought[url] = d.head.appendChild(d.createElement("script"));
		brought[url].src = rule.createScriptURL(url);
	}
	["pointerover", "touchstart", "focusin"].forEach(function (n) { d.addEventListener(n, bring, { passive: true }); });
})();
