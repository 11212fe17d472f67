// Shows and makes passkeys. Pages without it offer the other ways to sign in.
(function () {
	"use strict";
	var d = document, w = window;
	// Browsers tie passkeys to the name of a site: an address of numbers has none.
	var made = w.AuthenticatorAttestationResponse;
	if (!w.PublicKeyCredential || !made || !made.prototype.getPublicKey || !w.isSecureContext || /^[\d.]+$|^\[/.test(w.location.hostname)) return;
	var text = function (buffer) {
		return buffer && w.btoa(String.fromCharCode.apply(null, new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
	};
	var bytes = function (s) {
		return Uint8Array.from(w.atob(s.replace(/-/g, "+").replace(/_/g, "/")), function (c) { return c.charCodeAt(0); });
	};
	var keys = function (list) {
		return (list || []).map(function (k) { var o = { type: k.type, id: bytes(k.id) }; if (k.transports) o.transports = k.transports; return o; });
	};
	var show = function (o) {
		o.challenge = bytes(o.challenge);
		if (!o.user) {
			o.allowCredentials = keys(o.allowCredentials);
			return w.navigator.credentials.get({ publicKey: o });
		}
		o.user.id = bytes(o.user.id);
		o.excludeCredentials = keys(o.excludeCredentials);
		return w.navigator.credentials.create({ publicKey: o });
	};
	var written = function (c) {
		var r = c.response, out = { clientDataJSON: text(r.clientDataJSON) };
		if (r.attestationObject) {
			out.authenticatorData = text(r.getAuthenticatorData());
			out.publicKey = text(r.getPublicKey());
			out.transports = r.getTransports();
		} else {
			out.authenticatorData = text(r.authenticatorData);
			out.signature = text(r.signature);
			if (r.userHandle && r.userHandle.byteLength) out.userHandle = text(r.userHandle);
		}
		return JSON.stringify({ id: text(c.rawId), type: c.type, response: out });
	};
	[].forEach.call(d.querySelectorAll("[data-passkey]"), function (f) {
		var answer = f.elements.answer, said = f.querySelector("[role=status]"), busy = false;
		f.hidden = false;
		f.nextElementSibling.hidden = true;
		w.addEventListener("pageshow", function () { answer.value = ""; busy = false; });
		f.addEventListener("submit", function (e) {
			if (answer.value) return;
			e.preventDefault();
			e.stopPropagation(); // it is not sent yet
			if (busy) return;
			busy = true;
			said.textContent = "";
			w.fetch(f.dataset.passkey, { method: "POST" }).then(function (r) { if (!r.ok) throw r; return r.json(); }).then(show).then(function (c) {
				answer.value = written(c);
				if (f.requestSubmit) f.requestSubmit(); else f.submit();
			}).catch(function (err) {
				busy = false;
				said.textContent = f.dataset[{ InvalidStateError: "known", NotAllowedError: "cancelled", AbortError: "cancelled" }[err.name] || "failed"];
			});
		});
	});
})();
