// Only on the page where a reader asks to read without a network, or stops.
(function () {
	"use strict";
	var d = document, box = d.querySelector("[data-offline]"), sw = navigator.serviceWorker, same = function (s) { return s; }, rule = { createScriptURL: same, createHTML: same };
	if (!box) return;
	if (window.trustedTypes) rule = window.trustedTypes.createPolicy("offline", rule);
	var find = function (n) { return box.querySelector("[data-" + n + "]"); };
	function show(name) { ["off", "busy", "on", "unable", "failed"].forEach(function (n) { find(n).hidden = n !== name; }); }
	if (!sw || !window.caches) return show("unable");

	// What is kept, by its titles.
	function list() {
		var ul = find("kept");
		return caches.open(box.dataset.cache).then(function (k) {
			return k.keys().then(function (all) {
				return Promise.all(all.filter(function (r) { return r.url.indexOf("/s/") < 0; }).map(function (r) {
					return k.match(r).then(function (c) { return c.text(); }).then(function (t) { return { url: r.url, title: new DOMParser().parseFromString(rule.createHTML(t), "text/html") }; });
				}));
			});
		}).then(function (pages) {
			ul.textContent = "";
			pages.forEach(function (p) {
				var a = d.createElement("a");
				a.href = p.url;
				a.lang = p.title.documentElement.lang;
				a.dir = p.title.documentElement.dir;
				a.textContent = p.title.title;
				ul.appendChild(d.createElement("li")).appendChild(a);
			});
		});
	}
	function state() { return sw.getRegistration("/").then(function (r) { show(r ? "on" : "off"); if (r) return list(); }); }

	find("start").addEventListener("click", function () {
		show("busy");
		sw.register(rule.createScriptURL(box.dataset.offline), { scope: "/" }).then(function () { return sw.ready; }).then(function () {
			return caches.open(box.dataset.cache);
		}).then(function (k) {
			return Promise.all(box.dataset.first.split(" ").map(function (url) {
				return fetch(url, { credentials: "omit" }).then(function (n) { if (n.ok) return k.put(new URL(url, location.href).href, n); });
			}));
		}).then(state).then(function () { find("stop").focus(); }, function () { show("failed"); });
	});
	find("stop").addEventListener("click", function () {
		sw.getRegistration("/").then(function (r) { return r && r.unregister(); }).then(function () { return caches.keys(); }).then(function (names) {
			return Promise.all(names.filter(function (n) { return n.indexOf("read-") === 0; }).map(function (n) { return caches.delete(n); }));
		}).then(state).then(function () { find("start").focus(); });
	});
	state();
})();
