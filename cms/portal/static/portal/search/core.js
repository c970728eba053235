// The search over the baked index: the same words, steps and order as cms/portal/search/*.py (tests/portal/search).
// No page in here: works in a browser and in Node.
(function (root) {
  "use strict";
  var MAX_INPUT = 1000, MAX_WORDS = 12, MAX_WORD = 40, BLOCK = 16, MOST_FRESH = 64, MOST_CORRECTED = 3, MOST_TRIED = 6;
  var ONSETS = ["ch", "kh", "ng", "nh", "ph", "th", "tr", "b", "c", "d", "g", "h", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "x"];
  var CLASSES = ["a", "i", "o", "u"], CLASS_OF = { a: "a", e: "i", i: "i", y: "i", o: "o" };
  var CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/g;
  var DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  var VALUE = {};
  for (var i = 0; i < 64; i++) VALUE[DIGITS.charCodeAt(i)] = i;

  // Words
  function nfc(text) { return text.normalize("NFC").replace(/\r\n?/g, "\n").replace(CONTROL, ""); }
  function casefold(text) { return text.toUpperCase().toLowerCase(); }
  function fold(text) {
    return casefold(text.normalize("NFD").replace(/đ/g, "d").replace(/Đ/g, "D").replace(/\p{Mn}/gu, "")).replace(/\p{Mn}/gu, "");
  }
  function foldedWords(text) { return fold(text).match(/[a-z0-9]+/g) || []; }
  function markedWords(text) { return casefold(text).match(/[\p{L}\p{N}]+/gu) || []; }
  function limited(words) {
    return words.slice(0, MAX_WORDS).map(function (word) { return Array.from(word).slice(0, MAX_WORD).join(""); });
  }
  function parse(raw) {
    var clean = nfc(Array.from(raw).slice(0, MAX_INPUT).join("")).replace(/\ufffd/g, " ").split(/\s+/).filter(Boolean).join(" ");
    var words = limited(foldedWords(clean)), marked = limited(markedWords(clean));
    return { shown: Array.from(clean).slice(0, 120).join(""), words: words, marked: marked.join(" ") === words.join(" ") ? [] : marked };
  }

  // Numbers as short text
  function numbers(text) {
    var out = [], value = 0, shift = 1;
    for (var at = 0; at < text.length; at++) {
      var digit = VALUE[text.charCodeAt(at)];
      value += (digit & 31) * shift;
      if (digit & 32) { shift *= 32; } else { out.push(value); value = 0; shift = 1; }
    }
    return out;
  }
  function rising(text) {
    var last = 0;
    return numbers(text).map(function (step) { return (last += step); });
  }
  function signed(text) {
    var last = 0;
    return numbers(text).map(function (step) { return (last += step & 1 ? -(step + 1) / 2 : step / 2); });
  }

  // Shards
  function onsetOf(word) {
    for (var at = 0; at < ONSETS.length; at++) if (word.startsWith(ONSETS[at])) return ONSETS[at];
    return "";
  }
  function shard(word) {
    if (word[0] >= "0" && word[0] <= "9") return "0";
    var onset = onsetOf(word);
    return onset ? onset + "-" + (CLASS_OF[word[onset.length]] || "u") : word[0];
  }
  function letter(word) { return word[0] >= "0" && word[0] <= "9" ? "0" : word[0]; }
  function shardsBeginning(start) {
    var onset = onsetOf(start);
    if (!onset || start.length > onset.length) return [shard(start)];
    return CLASSES.map(function (letter) { return onset + "-" + letter; });
  }

  // What one word has, per form with marks: parts of ids with places in titles (side by side) and ids of texts.
  function Index() { this.words = new Map(); this.last = Infinity; this.size = 1; }
  Index.prototype.parts = function (word, form) {
    var forms = this.words.get(word);
    if (!forms) this.words.set(word, (forms = new Map()));
    var parts = forms.get(form);
    if (!parts) forms.set(form, (parts = []));
    return parts;
  };
  function decoded(item) {
    // Kept with the file: the next letter typed asks for the same words.
    if (item.part) return item.part;
    var stream = numbers(item[1]), part = { ids: [], places: [], texts: rising(item[2]) }, id = 0;
    for (var at = 0; at < stream.length; at += 2) {
      part.ids.push((id += stream[at]));
      part.places.push(stream[at + 1]);
    }
    return (item.part = part);
  }
  Index.prototype.addShard = function (file, wanted) {
    this.last = Math.min(this.last, file.last);
    this.size = Math.max(this.size, file.last + 1);
    for (var word in file.words) {
      if (!wanted(word)) continue;
      file.words[word].forEach(function (item) { this.parts(word, item[0]).push(decoded(item)); }, this);
    }
  };
  Index.prototype.addFresh = function (row) {
    var self = this, place = 0;
    self.size = Math.max(self.size, row.id + 1);
    var add = function (word, form) {
      var parts = self.parts(word, form), part = parts[parts.length - 1];
      if (!part || !part.fresh) parts.push((part = { ids: [], places: [], texts: [], fresh: true }));
      if (part.texts[part.texts.length - 1] !== row.id) part.texts.push(row.id);
      return part;
    };
    row.title.split(" ").forEach(function (form) {
      foldedWords(form).forEach(function (word) {
        var part = add(word, form);
        part.ids.push(row.id);
        part.places.push(place++);
      });
    });
    row.text.split(" ").forEach(function (form) {
      foldedWords(form).forEach(function (word) { add(word, form); });
    });
  };
  // The parts of ``word`` (in this form, or in any).
  Index.prototype.of = function (word, form) {
    var found = [], forms = this.words.get(word);
    if (forms) forms.forEach(function (parts, name) {
      if (form === undefined || name === form) found = found.concat(parts);
    });
    return found;
  };

  // Per id, in how many of ``words`` (lists of parts) it stands, as long as it stands in all those before.
  function Together(size, words, field) {
    var marks = (this.marks = new Uint8Array(size));
    this.all = words.length;
    words.forEach(function (parts, before) {
      parts.forEach(function (part) {
        var ids = part[field];
        for (var at = 0; at < ids.length; at++) if (marks[ids[at]] === before) marks[ids[at]] = before + 1;
      });
    });
  }
  Together.prototype.has = function (id) { return this.marks[id] === this.all; };
  function common(sets) {
    sets = sets.slice().sort(function (a, b) { return a.size - b.size; });
    var found = new Set();
    sets[0].forEach(function (_value, id) { if (sets.every(function (set) { return set.has(id); })) found.add(id); });
    return found;
  }
  // Ids that have ``words`` (lists of parts) one after the other in the title.
  function phrase(words, inTitle) {
    if (words.length < 2) return inTitle;
    var begun = null;
    words.forEach(function (parts, offset) {
      var next = new Set();
      parts.forEach(function (part) {
        for (var at = 0; at < part.ids.length; at++) {
          var first = part.places[at] - offset, key = part.ids[at] * 1024 + first;
          if (first >= 0 && inTitle.has(part.ids[at]) && (!begun || begun.has(key))) next.add(key);
        }
      });
      begun = next;
    });
    var found = new Set();
    begun.forEach(function (key) { found.add(Math.floor(key / 1024)); });
    return found;
  }
  // [ids in the title as a phrase, in the title, in the text] for words given as [folded, form or undefined].
  function places(index, words) {
    var parts = words.map(function (word) { return index.of(word[0], word[1]); });
    var inTitle = new Together(index.size, parts, "ids");
    return [phrase(parts, inTitle), inTitle, new Together(index.size, parts, "texts")];
  }
  // Ids from ``size`` down that ``group(id)`` gives a number from 0 on: by that number, those in force before the old.
  function grouped(size, old, group) {
    var groups = [[], []];
    for (var id = size - 1; id >= 0; id--) {
      var number = group(id);
      if (number < 0) continue;
      var side = groups[old.has(id) ? 1 : 0];
      (side[number] = side[number] || []).push(id);
    }
    return groups;
  }
  function highest(ids) {
    var found = 0;
    ids.forEach(function (id) { found = Math.max(found, id); });
    return found;
  }
  function ranked(size, ids, ranks, old) {
    var groups = grouped(size, old, function (id) {
      if (!ids.has(id)) return -1;
      for (var at = 0; at < ranks.length; at++) if (ranks[at].has(id)) return at;
      return ranks.length;
    });
    return [].concat.apply([], groups[0].concat(groups[1]).filter(Boolean));
  }
  function compare(a, b) {
    for (var at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1;
    return 0;
  }

  function whole(index, words, marked, old) {
    var plain = places(index, words.map(function (word) { return [word, undefined]; }));
    var ranks = plain;
    if (marked.length) {
      ranks = places(index, marked.map(function (form) { return [foldedWords(form)[0] || "", form]; })).concat(plain);
    }
    return ranked(index.size, plain[2], ranks, old);
  }
  function beginning(index, words, old) {
    var start = words[words.length - 1], begun = [];
    index.words.forEach(function (_forms, word) { if (word.startsWith(start)) begun = begun.concat(index.of(word)); });
    var parts = words.slice(0, -1).map(function (word) { return index.of(word); }).concat([begun]);
    return ranked(index.size, new Together(index.size, parts, "texts"), [new Together(index.size, parts, "ids")], old);
  }
  function near(index, words, old) {
    var unique = Array.from(new Set(words)), hits = new Uint8Array(index.size), least = Math.ceil(unique.length / 2);
    unique.forEach(function (word) {
      var one = new Together(index.size, [index.of(word)], "ids");
      for (var id = 0; id < index.size; id++) hits[id] += one.marks[id];
    });
    var groups = grouped(index.size, old, function (id) { return hits[id] >= least ? unique.length - hits[id] : -1; });
    var found = [];
    for (var at = 0; at <= unique.length; at++) found = found.concat(groups[0][at] || [], groups[1][at] || []);
    return found;
  }

  // Spelling
  function lettersOf(word) {
    for (var at = 0, bits = 0; at < word.length; at++) bits |= 1 << (word.charCodeAt(at) - 97);
    return bits;
  }
  function bitCount(bits) {
    for (var count = 0; bits; count++) bits &= bits - 1;
    return count;
  }
  function vocabulary(file) {
    var known = new Map();
    file.words.forEach(function (item) {
      var folded = foldedWords(item[0])[0];
      if (folded && !known.has(folded)) known.set(folded, { marked: item[0], count: item[1], letters: lettersOf(folded) });
    });
    return known;
  }
  function distance(one, two, most) {
    var beforeLast = [], last = [], current;
    for (var at = 0; at <= two.length; at++) last.push(at);
    for (var row = 1; row <= one.length; row++) {
      current = [row];
      for (var column = 1; column <= two.length; column++) {
        var cost = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (one[row - 1] === two[column - 1] ? 0 : 1));
        if (row > 1 && column > 1 && one[row - 1] === two[column - 2] && one[row - 2] === two[column - 1]) {
          cost = Math.min(cost, beforeLast[column - 2] + 1);
        }
        current.push(cost);
      }
      if (Math.min.apply(null, current) > most) return most + 1;
      beforeLast = last; last = current;
    }
    return Math.min(last[last.length - 1], most + 1);
  }
  function meant(word, known) {
    if (known.has(word) || word.length < 3 || /[^a-z]/.test(word)) return [];
    var parts = [], rarest = -1;
    for (var place = 2; place < word.length - 1; place++) {
      var left = known.get(word.slice(0, place)), right = known.get(word.slice(place));
      if (left && right && Math.min(left.count, right.count) > rarest) {
        rarest = Math.min(left.count, right.count);
        parts = [word.slice(0, place), word.slice(place)];
      }
    }
    var allowed = word.length >= 8 ? 2 : 1, best = null, letters = lettersOf(word);
    known.forEach(function (entry, candidate) {
      // One wrong letter changes at most two of the set: most words need not be compared at all.
      if (bitCount(entry.letters ^ letters) > 2 * allowed) return;
      if (Math.abs(candidate.length - word.length) > allowed) return;
      var off = distance(word, candidate, allowed);
      if (off > allowed) return;
      var item = [off, candidate[0] === word[0] ? 0 : 1, -entry.count, candidate];
      if (!best || compare(item, best) < 0) best = item;
    });
    if (parts.length && (!best || best[0] > 1 || word.length >= 5)) return parts;
    return best ? [best[3]] : [];
  }

  // ``load(name)`` gives a promise of the file of that name, or of null when it cannot be had. ``byLetter``: words
  // stand in the file of their first letter, not of their Vietnamese onset.
  function Search(load, byLetter) {
    var kept = new Map();
    this.shard = byLetter ? letter : shard;
    this.shardsBeginning = byLetter ? function (start) { return [letter(start)]; } : shardsBeginning;
    this.load = function (name) {
      if (!kept.has(name)) kept.set(name, load(name).then(function (file) { if (!file) kept.delete(name); return file; }));
      return kept.get(name);
    };
    this.forget = function () { kept.clear(); };
  }
  function required(file) {
    if (!file) throw new Error("a file of the index is missing");
    return file;
  }
  Search.prototype.index = async function (names, wanted, newest) {
    var load = this.load, index = new Index();
    var files = await Promise.all(Array.from(new Set(names)).map(function (name) { return load("tu/" + name); }));
    files.forEach(function (file) { index.addShard(required(file), wanted); });
    var rows = await this.fresh(Math.min(index.last, newest.last), newest);
    rows.forEach(function (row) { index.addFresh(row); });
    index.fresh = rows;
    return index;
  };
  // Words and filters of the warnings above number ``last``.
  Search.prototype.fresh = async function (last, newest) {
    var block = newest.block || BLOCK, first = Math.floor((last + 1) / block), end = Math.floor(newest.last / block), names = [];
    if (last >= newest.last) return [];
    for (var at = Math.max(first, end - MOST_FRESH); at <= end; at++) names.push("chu/" + at);
    var files = await Promise.all(names.map(this.load)), rows = [];
    files.forEach(function (file) {
      if (file) file.rows.forEach(function (row) { if (row.id > last) rows.push(row); });
    });
    return rows;
  };
  // Null when nothing is filtered; else the ids that pass.
  Search.prototype.passing = async function (filters, newest) {
    var sets = [], self = this;
    var fit = async function (name, pick, test) {
      var file = required(await self.load("loc/" + name)), ids = new Set(pick(file));
      (await self.fresh(file.last, newest)).forEach(function (row) { if (test(row)) ids.add(row.id); });
      sets.push(ids);
    };
    var byKey = function (name, key, of) {
      return fit(name, function (file) { return file.keys[key] ? rising(file.keys[key]) : []; }, function (row) { return of(row).indexOf(key) >= 0; });
    };
    if (filters.type) await byKey("hinh-thuc", filters.type, function (row) { return [row.type]; });
    if (filters.audience) await byKey("doi-tuong", filters.audience, function (row) { return row.audiences; });
    if (filters.severity) await byKey("muc", filters.severity, function (row) { return [row.severity]; });
    if (filters.since || filters.until) {
      var since = filters.since ? dayNumber(filters.since) : 0, until = filters.until ? dayNumber(filters.until) : Infinity;
      var fits = function (day) { return day >= since && day <= until; };
      await fit("ngay", function (file) {
        var days = signed(file.days);
        return rising(file.ids).filter(function (_id, at) { return fits(days[at]); });
      }, function (row) { return fits(row.day); });
    }
    return sets.length ? common(sets) : null;
  };
  function dayNumber(iso) { return Math.max(Math.round((Date.parse(iso + "T00:00:00Z") - Date.UTC(2020, 0, 1)) / 864e5), -1); }

  Search.prototype.find = async function (raw, filters) {
    var query = parse(raw), words = query.words, self = this;
    var newest = required(await this.load("moi")), passing = await this.passing(filters || {}, newest);
    var oldFile = required(await this.load("loc/cu")), old = new Set(oldFile.keys.cu ? rising(oldFile.keys.cu) : []);
    (await this.fresh(oldFile.last, newest)).forEach(function (row) { if (row.old) old.add(row.id); });
    var answer = function (ids, step, corrected) { return { query: query, ids: ids, step: step, corrected: corrected || "" }; };
    var passed = function (ids) { return passing ? ids.filter(function (id) { return passing.has(id); }) : ids; };
    if (!words.length) return answer(passing ? ranked(highest(passing) + 1, passing, [], old) : [], "words");
    var long = words.filter(function (word) { return /^\d{5,}$/.test(word); });
    var indexFor = function (list) {
      return self.index(list.map(self.shard), function (word) { return list.indexOf(word) >= 0; }, newest);
    };
    var index = await indexFor(words), ids = passed(whole(index, words, query.marked, old));
    if (ids.length) return answer(ids, "words");
    var start = words[words.length - 1];
    if (start.length > 1 && !long.length) {
      var begun = await this.index(words.slice(0, -1).map(this.shard).concat(this.shardsBeginning(start)), function (word) {
        return word.startsWith(start) || words.indexOf(word) >= 0;
      }, newest);
      ids = passed(beginning(begun, words, old));
      if (ids.length) return answer(ids, "start");
    }
    var known = vocabulary(required(await this.load("tu-dien"))), better = [];
    var lookedUp = 0, tried = 0;
    words.forEach(function (word) {
      var instead = [];
      if (!known.has(word) && lookedUp < MOST_CORRECTED && tried < MOST_TRIED) {
        tried += 1;
        instead = meant(word, known);
      }
      if (instead.length) {
        lookedUp += 1;
        better = better.concat(index.words.has(word) ? [word] : instead);
      } else better.push(word);
    });
    if (better.join(" ") !== words.join(" ")) {
      ids = passed(whole(await indexFor(better), better, [], old));
      var shown = better.map(function (word) { return known.has(word) ? known.get(word).marked : word; }).join(" ");
      if (ids.length) return answer(ids, "spelling", shown);
    }
    if (words.length >= 3) {
      ids = passed(near(index, words, old));
      if (ids.length) return answer(ids, "near");
    }
    return answer([], "words");
  };
  // What results show, for ``ids``; those that are no longer public are left out.
  Search.prototype.rows = async function (ids) {
    var newest = required(await this.load("moi")), block = newest.block || BLOCK, load = this.load;
    var names = Array.from(new Set(ids.map(function (id) { return "dong/" + Math.floor(id / block); })));
    var found = new Map();
    (await Promise.all(names.map(load))).forEach(function (file) {
      if (file) file.rows.forEach(function (row) { found.set(row.id, row); });
    });
    return ids.filter(function (id) { return found.has(id); }).map(function (id) { return found.get(id); });
  };

  // Pages that are no warnings, of the file ``told``: with all the words, those with most of them in the title first.
  function standing(raw, told) {
    var words = parse(raw).words, last = words[words.length - 1];
    if (!words.length || !told) return [];
    return told.pages.map(function (page, place) {
      var known = page.words.split(" "), title = new Set(foldedWords(page.title));
      var all = words.slice(0, -1).every(function (word) { return known.indexOf(word) >= 0; });
      var ends = known.indexOf(last) >= 0 || (last.length >= 2 && known.some(function (word) { return word.startsWith(last); }));
      return { page: page, place: place, fits: all && ends, best: words.filter(function (word) { return title.has(word); }).length };
    }).filter(function (one) { return one.fits; }).sort(function (a, b) { return b.best - a.best || a.place - b.place; })
      .slice(0, told.shown).map(function (one) { return one.page; });
  }

  // 07/09/2026, and in English, where that could be July, 7 Sep 2026.
  function dayOf(iso, inEnglish) {
    if (!inEnglish) return iso.split("-").reverse().join("/");
    var day = new Date(iso + "T00:00:00Z");
    return day.getUTCDate() + " " + day.toLocaleDateString("en-US", { month: "short", timeZone: "UTC" }) + " " + day.getUTCFullYear();
  }
  var made = { dayOf: dayOf, standing: standing, parse: parse, fold: fold, foldedWords: foldedWords, numbers: numbers, rising: rising, signed: signed, shard: shard, shardsBeginning: shardsBeginning, meant: meant, vocabulary: vocabulary, distance: distance, Search: Search };
  if (typeof module === "object" && module.exports) module.exports = made; else root.kengSearch = made;
})(typeof self === "object" ? self : this);
