// What a pasted text names, as cms/portal/verify/recognising.py (tests/portal/verify/vectors.json), and whether a
// statement is signed. No page in here: works in a browser and in Node.
(function (root) {
  "use strict";
  var search = typeof module === "object" && module.exports ? require("../search/core.js") : root.kengSearch;
  var MAX_INPUT = 5000, MOST = 10, FORMAT = "keng-warning-1";
  var CODE = /(?<![A-Za-z0-9])cb[\s_.\-\u2010-\u2015]{0,3}([0-9]{4})[\s_.\-\u2010-\u2015]{0,3}([0-9]{5,9})(?![0-9])/gi;
  var DEFANGED = /\s?[[({]\s?(?:\.|dot|chấm)\s?[\])}]\s?/gi;
  var ADDRESS = /h(?:tt|xx)ps?:\/\/[^\s<>"'“”]{1,500}|(?<![\p{L}\p{N}_@.\-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,24}(?![\p{L}\p{N}_@])(?::[0-9]{1,5})?(?:\/[^\s<>"'“”]{0,500})?/giu;
  var TRAILING = /[.,;:!?)\]}»…]+$/;
  var WARNING = /^(?:\/en)?\/canh-bao\/([a-z0-9]+(?:-[a-z0-9]+)*)\/?$/, SHORT = /^\/cb\/cb-([0-9]{4})-([0-9]{5,9})(?:\.[0-9]{1,4})?\/?$/i;
  var HOSTS = { "facebook.com": "facebook.com", "fb.com": "facebook.com", "fb.me": "facebook.com", "zalo.me": "zalo.me", "tiktok.com": "tiktok.com", "youtube.com": "youtube.com", "t.me": "t.me", "telegram.me": "t.me" };
  var PREFIXES = ["www.", "m.", "web.", "vi-vn.", "oa."];
  var CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/g;

  function nfc(text) { return text.replace(/\r\n?/g, "\n").normalize("NFC").replace(CONTROL, ""); }
  function unique(items) { return Array.from(new Set(items)).slice(0, MOST); }

  function parts(written) {
    var rest = written.replace(/\\/g, "/").replace(/^[a-z][a-z0-9+.\-]*:\/\//i, "").split("#")[0], cut = rest.search(/[/?]/);
    var host = cut < 0 ? rest : rest.slice(0, cut), after = cut < 0 ? "" : rest.slice(cut), question = after.indexOf("?");
    return {
      host: host.slice(host.lastIndexOf("@") + 1).toLowerCase().replace(/\.+$/, ""),
      path: question < 0 ? after : after.slice(0, question), query: question < 0 ? "" : after.slice(question + 1)
    };
  }
  function account(host, path, query) {
    PREFIXES.forEach(function (prefix) {
      if (host.startsWith(prefix) && Object.hasOwn(HOSTS, host.slice(prefix.length))) host = host.slice(prefix.length);
    });
    if (!Object.hasOwn(HOSTS, host)) return "";
    var pieces = path.toLowerCase().split("/").filter(Boolean), id;
    if (pieces[0] === "profile.php") pieces = (id = /(?:^|&)id=([0-9]{3,30})(?:&|$)/.exec(query)) ? [id[1]] : [];
    if (pieces[0] === "pg" && pieces.length > 1) pieces = pieces.slice(1);
    if (!pieces.length) return "";
    var kept = pieces[0] === "g" || pieces[0] === "groups" ? 2 : pieces[0] === "people" ? 3 : 1;
    return HOSTS[host] + "/" + pieces.slice(0, kept).join("/");
  }

  function recognise(raw, ownHost) {
    var text = nfc(Array.from(raw).slice(0, MAX_INPUT).join("")).replace(DEFANGED, "."), rest = text;
    var named = { codes: [], slugs: [], pages: [], strangers: [], accounts: [] };
    Array.from(text.matchAll(ADDRESS)).forEach(function (match) {
      rest = rest.replace(match[0], function () { return " "; });
      var at = parts(match[0].replace(TRAILING, "")), key;
      if (!at.host) return;
      if (at.host === ownHost || at.host === "www." + ownHost) {
        var short = SHORT.exec(at.path), page = WARNING.exec(at.path);
        if (short) named.codes.push("CB-" + short[1] + "-" + short[2]);
        else if (page) named.slugs.push(page[1]);
        else named.pages.push(at.path || "/");
      } else if ((key = account(at.host, at.path, at.query))) named.accounts.push(key);
      else named.strangers.push(at.host);
    });
    Array.from(rest.matchAll(CODE)).forEach(function (match) { named.codes.push("CB-" + match[1] + "-" + match[2]); });
    Object.keys(named).forEach(function (name) { named[name] = unique(named[name]); });
    return named;
  }
  function plain(text) { return search.fold(nfc(text)).split(/\s+/).filter(Boolean).join(" "); }
  function isName(raw, name) { return Boolean(name) && plain(raw) === plain(name); }

  // Canonical JSON: sorted keys, no spaces.
  function canonical(value) {
    if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
    if (value && typeof value === "object") {
      return "{" + Object.keys(value).sort().map(function (key) { return JSON.stringify(key) + ":" + canonical(value[key]); }).join(",") + "}";
    }
    return JSON.stringify(value);
  }
  function bytes(base64) { return Uint8Array.from(atob(base64), function (char) { return char.charCodeAt(0); }); }
  // True or false; null where this browser cannot check Ed25519.
  async function isSigned(statement, keys) {
    var subtle = root.crypto && root.crypto.subtle, signature = statement.signature;
    if (!subtle) return null;
    var entry = keys.keys.find(function (key) { return key.id === signature.key; });
    if (!entry || statement.format !== FORMAT) return false;
    var unsigned = Object.assign({}, statement), key;
    delete unsigned.signature;
    try { key = await subtle.importKey("raw", bytes(entry.public), { name: "Ed25519" }, false, ["verify"]); } catch (_error) { return null; }
    return subtle.verify({ name: "Ed25519" }, key, bytes(signature.value), new TextEncoder().encode(FORMAT + "\n" + canonical(unsigned)));
  }

  var made = { recognise: recognise, account: function (url) { var at = parts(url.trim()); return account(at.host, at.path, at.query); }, isName: isName, canonical: canonical, isSigned: isSigned };
  if (typeof module === "object" && module.exports) module.exports = made; else root.kengVerify = made;
})(typeof self === "object" ? self : globalThis);
