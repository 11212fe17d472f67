// Keeps public pages for one reader who asked for it, and shows them again
// without a network. What the server does not give to every visitor alike
// (anything but "no-cache": signed in, a secret link, no-store) is never kept,
// nor a search or signing in.
"use strict";
var KEEP = "{cache}", WORDS = {words}, MOST = 200, WAIT = 4000;

self.addEventListener("install", function () { self.skipWaiting(); });
// A new build takes over what an older one kept, as the network has it now.
self.addEventListener("activate", function (e) {
	e.waitUntil(caches.keys().then(function (names) {
		return Promise.all(names.map(function (name) {
			if (name === KEEP || name.indexOf("read-") !== 0) return;
			return caches.open(name).then(function (old) {
				return old.keys().then(function (all) {
					return Promise.all(all.map(function (r) {
						return fetch(r.url, { credentials: "omit" }).then(function (n) { return take(r.url, n); }, function () {
							return old.match(r).then(function (c) { return put(r.url, c); });
						});
					}));
				});
			}).then(function () { return caches.delete(name); });
		}));
	}).then(function () { return self.clients.claim(); }));
});

self.addEventListener("fetch", function (e) {
	var r = e.request, u = new URL(r.url);
	if (r.method !== "GET" || u.origin !== location.origin) return;
	if (u.pathname.indexOf("/s/") === 0) e.respondWith(caches.match(r.url).then(function (c) {
		return c || fetch(r).then(function (n) { e.waitUntil(take(r.url, n.clone())); return n; });
	}));
	else if (r.mode === "navigate") e.respondWith(read(e, r));
});

function read(e, r) {
	var net = fetch(r).then(function (n) { e.waitUntil(take(r.url, n.clone())); return n; });
	e.waitUntil(net.catch(function () {}));
	return caches.match(r.url).then(function (copy) {
		if (!copy) return net.catch(function () {
			return caches.match("/" + r.url.split("/")[3] + "/offline").then(function (c) { return c ? dated(c) : Response.error(); });
		});
		return Promise.race([net, new Promise(function (_, late) { setTimeout(late, WAIT); })]).catch(function () { return dated(copy); });
	});
}

// take keeps what everybody may read, and forgets what is gone.
function take(url, n) {
	if (n.status === 404 || n.status === 410) return caches.open(KEEP).then(function (k) { return k.delete(url); });
	var page = n.headers.get("Cache-Control") === "no-cache" && /html/.test(n.headers.get("Content-Type"));
	if (n.status !== 200 || n.type !== "basic" || n.redirected || /\/(search|sign-in)\b/.test(url) || !page && url.indexOf("/s/") < 0) return Promise.resolve();
	return put(url, n);
}

function put(url, n) {
	return caches.open(KEEP).then(function (k) {
		return k.delete(url).then(function () { return k.put(url, n); }).then(function () { return k.keys(); }).then(function (all) {
			var pages = all.filter(function (r) { return r.url.indexOf("/s/") < 0; });
			return pages.length > MOST ? k.delete(pages[0]) : null;
		});
	});
}

// dated says above a copy of which day it is.
function dated(c) {
	return c.text().then(function (t) {
		var l = (/<html lang="([a-z-]+)/.exec(t) || [])[1], h = new Headers(c.headers), day = new Date(h.get("Date")).toLocaleString(l, { dateStyle: "long", timeStyle: "short" });
		["Content-Encoding", "Content-Length", "ETag"].forEach(function (n) { h.delete(n); });
		return new Response(t.replace(/<main[^>]*>/, function (m) { return m + '<div class="note warn" role="status"><p>' + (WORDS[l] || WORDS.en).replace("{date}", day) + "</p></div>"; }), { headers: h });
	});
}
