// src/placement/admission.ts
/**
* What is kept free of the nodes' capacity, so that those who play gain a lead: segments differ, a viewer seeks, and a
* measured capacity is a mean.
*/
const admissionMargin = 1.2;
/**
* Whether a stream may begin beside those that run: as it was asked for, with a faster preset, after a short wait, or not
* at all. Those that run come first, whatever the newcomer is.
*
* Streams can be shared out among nodes in any pieces, so that it is the sum that counts, of the nodes that can do it.
*/
function decide(newcomer, running, nodes) {
	const left = roomFor(newcomer.platforms, running, nodes);
	if (running.length === 0) return {
		how: "start",
		preset: (newcomer.wishes.find(({ demand }) => demand <= left) ?? newcomer.wishes.at(-1))?.preset ?? null
	};
	const wish = newcomer.wishes.find(({ demand }) => demand * admissionMargin <= left);
	if (wish) return {
		how: "start",
		preset: wish.preset
	};
	if (newcomer.waitedMs < 3e3) return { how: "wait" };
	const least = Math.min(...newcomer.wishes.map(({ demand }) => demand * admissionMargin));
	return {
		how: "full",
		why: `it needs ${cores(least)}, and ${cores(left)} of ${cores(sum$1(nodes))} are free beside ${running.length} that play`
	};
}
/** Capacity that those who run leave over on nodes with any of these platforms. */
function roomFor(platforms, running, nodes) {
	const free = nodes.map((node) => ({
		node,
		left: node.capacity
	}));
	const isShared = ({ node }) => canDo(platforms, node);
	const byChoice = running.toSorted((a, b) => choices(a, nodes) - choices(b, nodes));
	for (const { platforms: own, demand } of byChoice) {
		let needed = demand * admissionMargin;
		const usable = free.filter(({ node }) => canDo(own, node));
		for (const place of usable.toSorted((a, b) => Number(isShared(a)) - Number(isShared(b)))) {
			const taken = Math.min(place.left, needed);
			place.left -= taken;
			needed -= taken;
		}
	}
	return free.filter(isShared).reduce((total, { left }) => total + left, 0);
}
const canDo = (platforms, node) => node.platforms.some((platform) => platforms.includes(platform));
const choices = ({ platforms }, nodes) => nodes.filter((node) => canDo(platforms, node)).length;
const sum$1 = (nodes) => nodes.reduce((total, { capacity }) => total + capacity, 0);
const cores = (value) => `${Math.round(value * 100) / 100} cores`;
// src/placement/power/weekly-hours.ts
const minutesPerDay = 1440;
const minutesPerWeek = 7 * minutesPerDay;
/** `weekMinute`: minutes since Sunday, 00:00, local time. */
function isWithin({ days, from, to }, weekMinute) {
	const minute = weekMinute % minutesPerDay;
	const day = Math.floor(weekMinute / minutesPerDay) % 7;
	if (from < to) return days.includes(day) && minute >= from && minute < to;
	return days.includes(day) && minute >= from || days.includes((day + 6) % 7) && minute < to;
}
// src/placement/power/power-rules.ts
/**
* A little more than the real-time share that rescue() wants for a stream (1.05). Disks and power supplies last for some
* ten thousand cycles: at least a minute on and half a minute off keeps a fault from wearing them out in a night.
*/
const usualRules = {
	totalCapWatts: null,
	floorWatts: 0,
	keepWarm: [],
	quiet: [],
	maintenance: [],
	minOnSeconds: 60,
	minOffSeconds: 30,
	startSet: 1,
	margin: 1.08
};
function warmWanted({ keepWarm }, weekMinute) {
	return keepWarm.reduce((most, { hours, nodes }) => isWithin(hours, weekMinute) ? Math.max(most, nodes) : most, 0);
}
/** Rules know a node by its name. */
function holdsFor(rules, { id, name = id }, weekMinute) {
	return rules.some(({ hours, nodes }) => (nodes?.includes(name) ?? true) && isWithin(hours, weekMinute));
}
/** Whether anything depends on the time of the week, so that it has to be looked at again though nothing happens. */
const hasHours = ({ keepWarm, quiet, maintenance }) => keepWarm.length + quiet.length + maintenance.length > 0;
// src/simulate/boards.ts
/** x264 1080p frames a second for one stream in real time. */
const streamRate = 24;
const boards = new Map(Object.entries({
	"raspberry-pi-4": [
		1.6,
		5,
		7.6,
		30
	],
	"raspberry-pi-5": [
		2.8,
		9.7,
		18,
		25
	],
	"raspberry-pi-cm5": [
		2.4,
		8.5,
		17.6,
		25
	],
	"orange-pi-5-max": [
		1.4,
		10.9,
		23.4,
		20
	],
	"radxa-cm5": [
		1.2,
		8.4,
		22.3,
		20
	],
	"turing-rk1": [
		2.85,
		15,
		24.1,
		25
	],
	"lattepanda-mu-n100": [
		5.5,
		22.1,
		29.6,
		25
	],
	"radxa-x4-n100": [
		9.1,
		18.5,
		20.2,
		25
	],
	"gmktec-n150": [
		9.3,
		25,
		29.5,
		25
	],
	"mac-mini-m4": [
		4.1,
		31.2,
		108.5,
		20
	]
}).map(([name, [idleWatts, busyWatts, fps, wakeSeconds]]) => [name, {
	capacity: fps / streamRate,
	profile: {
		offWatts: 0,
		idleWatts,
		busyWatts,
		wakeSeconds,
		sleepSeconds: 8,
		wakeWatts: Math.max(idleWatts, busyWatts / 2),
		sleepWatts: idleWatts
	},
	wakeSpreadSeconds: wakeSeconds / 10
}]));
// src/simulate/random.ts
/** sfc32, a small generator that passes the usual batteries of tests (Doty-Humphrey, PractRand). */
function randomOf(seed) {
	const next = generatorOf(String(seed));
	return {
		next,
		between: (least, most) => least + (most - least) * next(),
		whole: (least, most) => least + Math.floor((most - least + 1) * next()),
		exponential: (mean) => -mean * Math.log(1 - next()),
		weibull: (scale, shape) => scale * (-Math.log(1 - next())) ** (1 / shape),
		normal(mean, deviation) {
			return mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
		},
		pick: (items) => items[Math.floor(items.length * next())],
		fork: (name) => randomOf(`${seed}/${name}`)
	};
}
function generatorOf(seed) {
	let [a, b, c, d] = [
		hash(seed, 1),
		hash(seed, 2),
		hash(seed, 3),
		1
	];
	const next = () => {
		const sum = a + b + d | 0;
		d = d + 1 | 0;
		a = b ^ b >>> 9;
		b = c + (c << 3) | 0;
		c = (c << 21 | c >>> 11) + sum | 0;
		return (sum >>> 0) / 4294967296;
	};
	for (let warm = 0; warm < 15; warm += 1) next();
	return next;
}
/** FNV-1a. */
function hash(text, salt) {
	let value = 2166136261 ^ salt;
	for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 16777619);
	return value | 0;
}
// src/simulate/viewing.ts
/** When a viewing that starts at once and never stalls plays. */
function stretchesOf({ atSeconds, watchSeconds, pauses }) {
	const stretches = [];
	let clock = atSeconds;
	let watched = 0;
	for (const { afterSeconds, seconds } of [...pauses.filter((pause) => pause.afterSeconds < watchSeconds), {
		afterSeconds: watchSeconds,
		seconds: 0
	}]) {
		const toSeconds = clock + afterSeconds - watched;
		if (toSeconds > clock) stretches.push({
			fromSeconds: clock,
			toSeconds
		});
		clock = toSeconds + seconds;
		watched = afterSeconds;
	}
	return stretches;
}
// src/simulate/workload-shape.ts
/**
* Evenings as in PowerInfo's trace of video on demand (Yu et al., EuroSys 2006: most requests between 19 and 23 h, fewest
* before dawn), more at weekends.
*/
const eveningHours = [...[
	3,
	1.5,
	.7,
	.3,
	.2,
	.2,
	.4,
	.8,
	1.2,
	1.5,
	1.7,
	2
], ...[
	2.6,
	2.8,
	2.4,
	2.3,
	2.6,
	3.4,
	4.8,
	7,
	8.5,
	8.6,
	7,
	5
]];
/** Somebody who watches the one after the next does so for an evening at most. */
const mostBinged = 5;
/**
* Viewings over so many days: arrivals by the hour of the day (a Poisson process whose rate changes), each perhaps the
* first of several; how long people stay is a Weibull distribution cut off by the title's length, as in the modified
* Weibull of completion rates (Huang et al., MMSys 2017). The same random stream gives the same viewings.
*/
function viewingsOf(shape, days, random) {
	const viewings = [];
	const { chance } = shape.binge;
	const perArrival = (1 - chance ** mostBinged) / (1 - chance);
	const [arrivals, lives] = [random.fork("arrivals"), random.fork("lives")];
	for (let day = 0; day < days; day += 1) for (const atSeconds of arrivalsOf(shape, day, shape.perDay / perArrival, arrivals)) viewings.push(...evening(shape, atSeconds, `v${viewings.length}`, lives));
	return viewings.filter(({ atSeconds }) => atSeconds < days * 86400).sort((a, b) => a.atSeconds - b.atSeconds).map((viewing, index) => ({
		...viewing,
		id: `v${index}`
	}));
}
function arrivalsOf({ hours, weekend }, day, perDay, random) {
	const total = hours.reduce((sum, weight) => sum + weight, 0);
	const dayFactor = (day % 7 === 0 || day % 7 === 6 ? weekend : 1) * 7 / (5 + 2 * weekend);
	const times = [];
	for (const [hour, weight] of hours.entries()) {
		const perSecond = perDay * dayFactor * weight / total / 3600;
		if (perSecond <= 0) continue;
		for (let at = random.exponential(1 / perSecond); at < 3600; at += random.exponential(1 / perSecond)) times.push(day * 86400 + hour * 3600 + at);
	}
	return times;
}
/** One who begins, and what follows. */
function evening(shape, atSeconds, id, random) {
	const stream = weighted(shape.streams, random);
	const title = weighted(shape.titles, random);
	const viewings = [];
	let at = atSeconds;
	for (let count = 0; count < mostBinged; count += 1) {
		const titleSeconds = title.minutes * 60 * random.between(.85, 1.15);
		const stay = random.weibull(shape.stay.scaleMinutes * 60, shape.stay.shape);
		const pieces = soughtPieces(shape, Math.max(20, Math.min(stay, titleSeconds)), titleSeconds, random);
		for (const [index, { watchSeconds, leftSeconds }] of pieces.entries()) {
			const pauses = pausesOf(shape, watchSeconds, random);
			const { demand, platforms } = stream;
			const name = `${id}-${count}-${index}`;
			viewings.push({
				id: name,
				atSeconds: at,
				watchSeconds,
				titleSeconds: leftSeconds,
				pauses,
				demand,
				platforms
			});
			at += watchSeconds + pauses.reduce((total, { seconds }) => total + seconds, 0) + 2;
		}
		if (!(stay >= titleSeconds) || random.next() >= shape.binge.chance) break;
		at += random.between(shape.binge.leastSeconds, shape.binge.mostSeconds);
	}
	return viewings;
}
/** A seek ends a transcode and begins another one. */
function soughtPieces({ seeksPerHour }, watchSeconds, titleSeconds, random) {
	const pieces = [];
	let left = watchSeconds;
	let titleLeft = titleSeconds;
	while (left > 0) {
		const untilSeek = seeksPerHour > 0 ? random.exponential(3600 / seeksPerHour) : Number.POSITIVE_INFINITY;
		const isLast = untilSeek >= left - 20 || untilSeek < 5;
		const watched = isLast ? left : untilSeek;
		pieces.push({
			watchSeconds: watched,
			leftSeconds: Math.max(titleLeft, watched)
		});
		left -= watched;
		titleLeft -= watched;
		if (isLast) break;
	}
	return pieces;
}
function pausesOf({ pausesPerHour, pauseMinutes }, seconds, random) {
	const pauses = [];
	if (pausesPerHour <= 0) return pauses;
	const mean = 3600 / pausesPerHour;
	for (let at = random.exponential(mean); at < seconds - 30; at += 30 + random.exponential(mean)) pauses.push({
		afterSeconds: at,
		seconds: 10 + random.exponential(pauseMinutes * 60)
	});
	return pauses;
}
function weighted(items, random) {
	let left = random.next() * items.reduce((total, { weight }) => total + weight, 0);
	for (const item of items) {
		left -= item.weight;
		if (left < 0) return item;
	}
	return items.at(-1);
}
// src/simulate/random-case.ts
const platforms$2 = ["software"];
/** A stream may need so much of the first responder, to begin in time. */
const startFactor = 2.1;
/** Who comes within so long of another has to be begun with beside him. */
const startWindowSeconds = 1.6;
const usualSlots = 4;
/** Sessions last a little longer than they are watched: they begin late, and a seek or a stall may come in between. */
const lastsLongerSeconds = 10;
/**
* One to 64 boards of one to four kinds of those that were measured, and viewers for between a twentieth and a half of
* what they can do in the evening. Streams are of one to three kinds, from 480p to more than one such board can do alone;
* the head's machine is fast enough to begin with any of them, and with as many at a time as ever come at a time, at 12 to
* 30 W for each stream's worth of 1080p. So there is a schedule without a late start and without a stall: whoever finds
* none is to blame. Viewers for whom there is none, since the fleet is full, are left out and counted.
*/
function randomCase(seed, days) {
	const random = randomOf(`case/${seed}`);
	const nodes = randomNodes(random);
	const capacity = nodes.reduce((total, node) => total + node.capacity, 0);
	const largest = Math.max(...nodes.map((node) => node.capacity));
	const mostDemand = Math.min(1.5, capacity / 1.3, 2 * largest);
	const streams = Array.from({ length: random.whole(1, 3) }, () => ({
		demand: mostDemand * random.between(.25, 1),
		platforms: platforms$2,
		weight: random.between(.5, 2)
	}));
	const heaviest = Math.max(...streams.map(({ demand }) => demand));
	const shape = randomShape(random, streams, capacity);
	const all = viewingsOf(shape, days, random.fork("viewings"));
	const viewings = withinCapacity(all, capacity);
	const atOnce = mostAtOnce(viewings);
	const responderCapacity = heaviest * startFactor * atOnce * random.between(1, 1.5);
	return {
		fleet: {
			name: `random ${seed}`,
			nodes,
			rules: usualRules,
			responder: {
				platforms: platforms$2,
				capacity: responderCapacity,
				slots: Math.max(usualSlots, atOnce),
				addedWatts: responderCapacity * random.between(12, 30)
			},
			floor: []
		},
		shape,
		viewings,
		beyond: all.length - viewings.length
	};
}
/** Those for whom there is room when they come, with the margin that admission keeps; an idle fleet takes anybody. */
function withinCapacity(viewings, capacity) {
	let present = [];
	return viewings.filter((viewing) => {
		const { atSeconds, demand } = viewing;
		present = present.filter(({ untilSeconds }) => untilSeconds > atSeconds);
		const others = present.reduce((total, each) => total + each.demand, 0);
		if (present.length > 0 && (others + demand) * 1.2 > capacity) return false;
		const lasts = stretchesOf(viewing).at(-1)?.toSeconds ?? atSeconds;
		present.push({
			untilSeconds: lasts + lastsLongerSeconds,
			demand
		});
		return true;
	});
}
/** How many come within the time in which one of them is begun with. */
function mostAtOnce(viewings) {
	let most = 1;
	let first = 0;
	for (const [index, { atSeconds }] of viewings.entries()) {
		while (viewings[first].atSeconds < atSeconds - startWindowSeconds) first += 1;
		most = Math.max(most, index - first + 1);
	}
	return most;
}
function randomNodes(random) {
	const count = Math.max(1, Math.min(64, Math.round(2 ** random.between(0, 6))));
	const kinds = Array.from({ length: random.whole(1, Math.min(4, count)) }, () => random.pick([...boards.keys()]));
	return Array.from({ length: count }, (_, index) => {
		const board = index < kinds.length ? kinds[index] : random.pick(kinds);
		return {
			id: `${board}-${index + 1}`,
			board,
			platforms: platforms$2,
			capWatts: null,
			wakeFailures: 0,
			...boards.get(board)
		};
	});
}
function randomShape(random, streams, capacity) {
	const minutes = random.between(20, 100);
	const weight = streams.reduce((total, stream) => total + stream.weight, 0);
	const atOnce = capacity / streams.reduce((total, each) => total + each.demand * each.weight / weight, 0) * random.between(.05, .5);
	return {
		name: "random",
		perDay: Math.max(2, atOnce / 2.4 * 24 * 60 / minutes),
		hours: eveningHours,
		weekend: random.between(1, 2),
		streams,
		titles: [{
			minutes: minutes * 1.3,
			weight: 1
		}],
		stay: {
			scaleMinutes: minutes * 3,
			shape: random.between(.7, 1.2)
		},
		binge: {
			chance: random.between(0, .5),
			leastSeconds: 10,
			mostSeconds: 60
		},
		pausesPerHour: random.between(0, 1),
		pauseMinutes: random.between(1, 10),
		seeksPerHour: random.between(0, .5)
	};
}
// src/simulate/home.ts
const platforms$1 = ["software"];
/**
* The home of the reference: four boards of 5 W idle and 12 W busy that boot in 25 s at 8 W and shut down in 10 s at 5 W,
* so that a cycle costs 250 J and idling for 50 s as much. Each makes such a stream 2.2 times as fast as it plays. The
* head's own machine makes it 2.5 times as fast for 35 W: fast enough to begin with, and too dear to go on.
*/
const homeFleet = {
	name: "home: 4 boards",
	nodes: Array.from({ length: 4 }, (_, index) => ({
		id: `board-${index + 1}`,
		board: "reference",
		platforms: platforms$1,
		capacity: 2.2,
		capWatts: null,
		profile: {
			offWatts: 0,
			idleWatts: 5,
			busyWatts: 12,
			wakeSeconds: 25,
			wakeWatts: 8,
			sleepSeconds: 10,
			sleepWatts: 5
		},
		wakeSpreadSeconds: 2,
		wakeFailures: 0
	})),
	responder: {
		platforms: platforms$1,
		capacity: 2.5,
		slots: 4,
		addedWatts: 35
	},
	floor: [
		{
			name: "head",
			watts: 4
		},
		{
			name: "switch",
			watts: 3
		},
		{
			name: "BMC",
			watts: 2.6
		}
	],
	rules: usualRules
};
/** Three transcodes a day, most of them in the evening; a node is busy 6.6 % of the day, as in the reference. */
const homeShape = {
	name: "home: 3 transcodes a day",
	perDay: 3,
	hours: eveningHours,
	weekend: 1.4,
	titles: [{
		minutes: 50,
		weight: 5
	}, {
		minutes: 120,
		weight: 5
	}],
	stay: {
		scaleMinutes: 365,
		shape: .9
	},
	binge: {
		chance: .3,
		leastSeconds: 10,
		mostSeconds: 60
	},
	pausesPerHour: .4,
	pauseMinutes: 4,
	seeksPerHour: .2,
	streams: [{
		demand: 1,
		platforms: platforms$1,
		weight: 1
	}]
};
// src/simulate/fleet.ts
const floorWatts = ({ floor }) => floor.reduce((total, { watts }) => total + watts, 0);
// src/placement/power/power-profile.ts
/** Joules of one boot and one shutdown beyond what it draws when it is off all that time. */
function cycleJoules(profile) {
	const { offWatts, wakeSeconds, wakeWatts, sleepSeconds, sleepWatts } = profile;
	return Math.max(0, wakeSeconds * (wakeWatts - offWatts) + sleepSeconds * (sleepWatts - offWatts));
}
/**
* Seconds of idling that cost as much as going to sleep and waking again. Sleeping after so long is never more than twice
* as dear as knowing the future (ski rental), and no rule without knowledge of the future does better at the worst.
*/
function breakEvenSeconds(profile) {
	const saved = profile.idleWatts - profile.offWatts;
	return saved > 0 ? cycleJoules(profile) / saved : Number.POSITIVE_INFINITY;
}
/** Joules beyond idling for a second of one core of the reference machine; see demandOf for that unit. */
function joulesPerWork(profile, capacity) {
	if (capacity <= 0) return Number.POSITIVE_INFINITY;
	return Math.max(0, profile.busyWatts - profile.idleWatts) / capacity;
}
/** Watts of a node that is awake and busy to a share of 0 to 1. */
function wattsAt(profile, share) {
	return profile.idleWatts + (profile.busyWatts - profile.idleWatts) * Math.min(1, Math.max(0, share));
}
/** A node that may not draw more than so much does less: both are taken for a straight line above idling. */
function withinCap$1(profile, capacity, capWatts) {
	const { idleWatts, busyWatts } = profile;
	if (capWatts === null || busyWatts <= capWatts) return {
		profile,
		capacity
	};
	const share = Math.max(0, (capWatts - idleWatts) / (busyWatts - idleWatts));
	return {
		profile: {
			...profile,
			busyWatts: Math.max(capWatts, idleWatts)
		},
		capacity: capacity * share
	};
}
// src/placement/power/serving.ts
const room = /* @__PURE__ */ new Float64Array(64);
/**
* Least watts with which a set of awake nodes carries the demand: work can be shared out in any pieces, so each piece goes
* where a joule does most. `set` has the least joules per work first. Groups with least choice come first in `groups`.
* The first responder serves a group only where no node of the set can, as in place().
*/
function leastWatts(groups, set) {
	const free = set.length <= room.length ? room : new Float64Array(set.length);
	let watts = 0;
	for (let index = 0; index < set.length; index += 1) {
		free[index] = set[index].capacity;
		watts += set[index].idleWatts;
	}
	let unmet = 0;
	for (const { bit, demand, responder } of groups) {
		let left = demand;
		let hasNode = false;
		for (let index = 0; index < set.length; index += 1) {
			const node = set[index];
			if ((node.fits & bit) === 0) continue;
			hasNode = true;
			const taken = Math.min(left, free[index]);
			free[index] = free[index] - taken;
			watts += taken * node.joulesPerWork;
			left -= taken;
			if (left <= 0) break;
		}
		if (!hasNode && responder) {
			const taken = Math.min(left, responder.capacity);
			watts += taken * responder.joulesPerWork;
			left -= taken;
		}
		unmet += Math.max(0, left);
	}
	return {
		watts,
		unmet: unmet < 1e-9 ? 0 : unmet
	};
}
/**
* A viewer with a player and the media server between: plays from the first segment on, waits where nothing is there,
* pauses as the viewing says, and makes the server throttle. What is published comes in pieces.
*/
var Player = class {
	/** From the request to the first segment; null before. */
	startSeconds = null;
	stalls = 0;
	stalledSeconds = 0;
	isThrottled = false;
	#clock;
	#viewing;
	#events;
	#askedMs;
	#publishedSeconds = 0;
	#watched = 0;
	#settledMs = 0;
	#pauses = 0;
	#pausedUntilMs = null;
	#isOver = false;
	#next = null;
	constructor(clock, viewing, askedMs, events) {
		this.#clock = clock;
		this.#viewing = viewing;
		this.#events = events;
		this.#askedMs = askedMs;
	}
	/** Seconds of source that are there and not yet watched. */
	get inHandSeconds() {
		this.#settle();
		return this.#publishedSeconds - this.#watched;
	}
	published(seconds) {
		if (this.#isOver) return;
		this.#settle();
		if (this.startSeconds === null) {
			this.startSeconds = (this.#clock.nowMs - this.#askedMs) / 1e3;
			this.#settledMs = this.#clock.nowMs;
		}
		this.#publishedSeconds += seconds;
		this.#plan();
	}
	stop() {
		this.#isOver = true;
		this.#next?.cancel();
	}
	#settle() {
		const { nowMs } = this.#clock;
		if (this.startSeconds === null || this.#isOver) return;
		const from = Math.max(this.#settledMs, this.#pausedUntilMs ?? 0);
		this.#settledMs = nowMs;
		if (nowMs <= from) return;
		this.#pausedUntilMs = null;
		const wanted = (nowMs - from) / 1e3;
		const there = Math.min(this.#publishedSeconds, this.#stopAt()) - this.#watched;
		const played = Math.min(wanted, there);
		this.#watched += played;
		const dry = wanted - played;
		if (dry > .001 && this.#watched < this.#stopAt() - 1e-9) {
			this.stalls += 1;
			this.stalledSeconds += dry;
		}
	}
	/** Where it next stops by itself: at a pause, or at the end. */
	#stopAt() {
		return this.#viewing.pauses[this.#pauses]?.afterSeconds ?? this.#viewing.watchSeconds;
	}
	/** Throttles, and makes an appointment for when something next changes by itself. */
	#plan() {
		this.#next?.cancel();
		if (this.#isOver) return;
		const inHand = this.#publishedSeconds - this.#watched;
		if (!this.isThrottled && inHand >= 60) this.#throttle(true);
		else if (this.isThrottled && inHand <= 50) this.#throttle(false);
		const waits = [];
		const resumesIn = Math.max(0, (this.#pausedUntilMs ?? 0) - this.#clock.nowMs) / 1e3;
		if (this.#publishedSeconds >= this.#stopAt()) waits.push(this.#stopAt() - this.#watched);
		if (this.isThrottled) waits.push(inHand - 50);
		if (waits.length === 0) return;
		const seconds = resumesIn + Math.max(0, Math.min(...waits));
		this.#next = this.#clock.after(seconds * 1e3 + .01, () => this.#look());
	}
	#look() {
		this.#settle();
		if (this.#watched >= this.#stopAt() - 1e-6) {
			const pause = this.#viewing.pauses[this.#pauses];
			if (pause === void 0 || pause.afterSeconds >= this.#viewing.watchSeconds) {
				this.stop();
				this.#events.over();
				return;
			}
			this.#pauses += 1;
			this.#pausedUntilMs = this.#clock.nowMs + pause.seconds * 1e3;
		}
		this.#plan();
	}
	#throttle(on) {
		this.isThrottled = on;
		this.#events.throttle(on);
	}
};
// src/simulate/demand-steps.ts
/** A stream may be ahead of its player by so much: what its server lets it be, and the segments in hand. */
const aheadSeconds = 64;
/**
* What viewers need at the least. While a stream plays it is carried in real time, but the last minute of each stretch was
* made ahead: so from its beginning to a minute before its end, though never for less time than the fastest of the nodes
* needs for all of it. The rest of its work counts where joules are cheapest.
*/
function demandOfViewings(viewings, seconds, mostCapacity) {
	const kinds = /* @__PURE__ */ new Map();
	const freeWork = [];
	const changes = [];
	for (const viewing of viewings) {
		const { platforms, demand } = viewing;
		const key = platforms.join(" ");
		const kind = kinds.get(key)?.index ?? kinds.size;
		if (!kinds.has(key)) kinds.set(key, {
			platforms,
			index: kind
		});
		for (const { fromSeconds, toSeconds } of stretchesOf(viewing)) {
			const length = toSeconds - fromSeconds;
			const carried = Math.max(length - aheadSeconds, length * demand / mostCapacity);
			freeWork[kind] = (freeWork[kind] ?? 0) + Math.max(0, length - carried) * demand;
			changes.push({
				atSeconds: fromSeconds,
				kind,
				demand
			});
			changes.push({
				atSeconds: fromSeconds + carried,
				kind,
				demand: -demand
			});
		}
	}
	return {
		kinds: [...kinds.values()].map(({ platforms }) => platforms),
		freeWork,
		seconds,
		steps: stepsOf(changes, kinds.size, seconds)
	};
}
function stepsOf(changes, kinds, seconds) {
	changes.sort((a, b) => a.atSeconds - b.atSeconds);
	const steps = [];
	const present = Array.from({ length: kinds }, () => 0);
	let at = 0;
	for (const { atSeconds, kind, demand } of [...changes, {
		atSeconds: seconds,
		kind: 0,
		demand: 0
	}]) {
		if (atSeconds > at) {
			steps.push({
				seconds: atSeconds - at,
				demands: present.map(rounded$1)
			});
			at = atSeconds;
		}
		if (kinds > 0) present[kind] = present[kind] + demand;
	}
	return steps;
}
/** Sums of what was added and taken away again are nothing. */
const rounded$1 = (value) => Math.max(0, Math.round(value * 1e9) / 1e9);
// src/simulate/node-kinds.ts
/** States of a fleet that are weighed against each other: twelve nodes that all differ are so many. */
const mostStates = 4096;
/**
* Puts nodes together by kind. More of a kind than the demand can keep busy are never awake in an optimum, since another
* one would only idle. Where there are still too many states, the two kinds that are most alike become one that is better
* than both.
*/
function nodeKinds(nodes, peakDemand) {
	const byKey = /* @__PURE__ */ new Map();
	for (const node of nodes) {
		const { profile, capacity } = withinCap$1(node.profile, node.capacity, node.capWatts);
		const kind = {
			count: 1,
			capacity,
			platforms: node.platforms.toSorted(),
			idleWatts: Math.max(0, profile.idleWatts - profile.offWatts),
			joulesPerWork: joulesPerWork(profile, capacity),
			cycleJoules: cycleJoules(profile)
		};
		const key = JSON.stringify([
			kind.capacity,
			kind.idleWatts,
			kind.joulesPerWork,
			kind.cycleJoules,
			kind.platforms
		]);
		const known = byKey.get(key);
		byKey.set(key, known ? {
			...known,
			count: known.count + 1
		} : kind);
	}
	let kinds = [...byKey.values()].map((kind) => limited(kind, peakDemand));
	let isExact = true;
	while (statesOf(kinds) > mostStates) {
		kinds = mergeTwo(kinds, peakDemand);
		isExact = false;
	}
	return {
		kinds,
		isExact
	};
}
const statesOf = (kinds) => kinds.reduce((product, { count }) => product * (count + 1), 1);
function limited(kind, peakDemand) {
	return {
		...kind,
		count: Math.min(kind.count, Math.ceil(peakDemand / kind.capacity - 1e-9))
	};
}
function mergeTwo(kinds, peakDemand) {
	let best = null;
	for (const [index, a] of kinds.entries()) for (const b of kinds.slice(index + 1)) {
		const distance = distanceOf(a, b);
		if (!best || distance < best.distance) best = {
			a,
			b,
			distance
		};
	}
	if (!best) return kinds.map((kind) => ({
		...kind,
		count: Math.min(kind.count, 4095)
	}));
	const { a, b } = best;
	return [...kinds.filter((kind) => kind !== a && kind !== b), limited(better$1(a, b), peakDemand)];
}
/** How unlike two kinds are, by the ratios of their numbers. */
function distanceOf(a, b) {
	const ratio = (one, other) => Math.abs(Math.log((one + .001) / (other + .001)));
	return 2 * ratio(a.idleWatts / a.capacity, b.idleWatts / b.capacity) + 2 * ratio(a.joulesPerWork, b.joulesPerWork) + ratio(a.capacity, b.capacity) + ratio(a.cycleJoules, b.cycleJoules);
}
function better$1(a, b) {
	return {
		count: a.count + b.count,
		capacity: Math.max(a.capacity, b.capacity),
		idleWatts: Math.min(a.idleWatts, b.idleWatts),
		joulesPerWork: Math.min(a.joulesPerWork, b.joulesPerWork),
		cycleJoules: Math.min(a.cycleJoules, b.cycleJoules),
		platforms: [.../* @__PURE__ */ new Set([...a.platforms, ...b.platforms])].sort()
	};
}
// src/simulate/optimum.ts
/**
* The least energy of nodes and first responder for a workload that is known from the beginning. Streams are carried in
* real time from their first second on, by nodes that are awake or by the first responder, as simulated ones are; work can
* be shared out among awake nodes in any pieces; a node wakes and sleeps at once, for the joules of a boot and a shutdown.
* Each of that makes it at most cheaper than what can be done. Then the best of all ways through all states (how many of
* each kind are awake) is found by dynamic programming: nothing is left to chance and nothing is guessed.
*/
function optimumOf(fleet, viewings, seconds) {
	const capacities = fleet.nodes.map(({ profile, capacity, capWatts }) => withinCap$1(profile, capacity, capWatts).capacity);
	const demand = demandOfViewings(viewings, seconds, Math.max(...capacities, fleet.responder?.capacity ?? 0));
	const wholeOf = (demands) => demands.reduce((total, each) => total + each, 0);
	const peak = demand.steps.reduce((most, { demands }) => Math.max(most, wholeOf(demands)), 0);
	const { kinds, isExact } = nodeKinds(fleet.nodes, peak);
	const common = fleet.nodes.reduce((total, { profile }) => total + profile.offWatts, 0) * seconds + freeJoules(fleet, demand);
	const always = alwaysOn(fleet, demand);
	return {
		joules: common + leastPath(kinds, fleet, demand),
		isExact,
		alwaysOnJoules: common + always.joules,
		beyondSeconds: always.beyondSeconds
	};
}
/** Work that only fills what lies ahead, where a joule does most. */
function freeJoules({ nodes, responder }, { kinds, freeWork }) {
	return kinds.reduce((total, platforms, index) => {
		const fits = (other) => other.platforms.some((platform) => platforms.includes(platform));
		const prices = nodes.filter(fits).map((node) => {
			const { profile, capacity } = withinCap$1(node.profile, node.capacity, node.capWatts);
			return joulesPerWork(profile, capacity);
		});
		if (responder && fits(responder)) prices.push(responder.addedWatts / responder.capacity);
		return total + (freeWork[index] ?? 0) * Math.min(...prices);
	}, 0);
}
function leastPath(kinds, fleet, demand) {
	const states = statesOf(kinds);
	const best = new Float64Array(states).fill(Number.POSITIVE_INFINITY);
	best[0] = 0;
	const known = /* @__PURE__ */ new Map();
	for (const { seconds, demands } of demand.steps) {
		const key = demands.join(" ");
		const watts = known.get(key) ?? wattsOfStates(kinds, fleet, demand, demands);
		known.set(key, watts);
		change(best, kinds);
		for (let state = 0; state < states; state += 1) best[state] = best[state] + seconds * watts[state];
	}
	return best.reduce((least, joules) => Math.min(least, joules), Number.POSITIVE_INFINITY);
}
/** Waking one of a kind costs a boot and the shutdown that follows it, sleeping then nothing. */
function change(best, kinds) {
	let stride = 1;
	for (const { count, cycleJoules } of kinds) {
		const block = stride * (count + 1);
		for (let state = 0; state < best.length; state += 1) if (state % block >= stride) best[state] = Math.min(best[state], best[state - stride] + cycleJoules);
		for (let state = best.length - 1; state >= 0; state -= 1) if (state % block < block - stride) best[state] = Math.min(best[state], best[state + stride]);
		stride = block;
	}
}
/** Watts beyond off of each state under a demand; where none carries it all, those that carry most count. */
function wattsOfStates(kinds, fleet, demand, demands) {
	const states = statesOf(kinds);
	const watts = new Float64Array(states);
	const unmet = new Float64Array(states);
	const groups = groupsOf$1(demand, demands);
	let least = Number.POSITIVE_INFINITY;
	for (let state = 0; state < states; state += 1) {
		let rest = state;
		const served = leastWatts(groups, suppliers(kinds, kinds.map(({ count }) => {
			const here = rest % (count + 1);
			rest = (rest - here) / (count + 1);
			return here;
		}), fleet, demand));
		watts[state] = served.watts;
		unmet[state] = served.unmet;
		least = Math.min(least, served.unmet);
	}
	for (let state = 0; state < states; state += 1) if (unmet[state] > least + 1e-9) watts[state] = Number.POSITIVE_INFINITY;
	return watts;
}
function alwaysOn(fleet, demand) {
	const { kinds } = nodeKinds(fleet.nodes, Number.POSITIVE_INFINITY);
	const set = suppliers(kinds, kinds.map(({ count }) => count), fleet, demand);
	let [joules, beyondSeconds] = [0, 0];
	for (const { seconds, demands } of demand.steps) {
		const { watts, unmet } = leastWatts(groupsOf$1(demand, demands), set);
		joules += seconds * watts;
		if (unmet > 1e-9) beyondSeconds += seconds;
	}
	return {
		joules,
		beyondSeconds
	};
}
/** Those with least choice first, as the search for the least watts wants them. */
function groupsOf$1({ kinds }, demands) {
	return demands.map((demand, index) => ({
		demand,
		bit: 1 << index,
		responder: null,
		choice: kinds[index].length
	})).filter(({ demand }) => demand > 0).toSorted((a, b) => a.choice - b.choice);
}
/** Nodes of a kind together are as one large node; the first responder is one that is always on. */
function suppliers(kinds, counts, { responder }, demand) {
	const fitsOf = (platforms) => demand.kinds.reduce((bits, wanted, index) => bits | (platforms.some((each) => wanted.includes(each)) ? 1 << index : 0), 0);
	const set = kinds.flatMap((kind, index) => {
		const count = counts[index];
		if (count === 0) return [];
		const { capacity, idleWatts, platforms } = kind;
		return [{
			id: String(index),
			capacity: count * capacity,
			idleWatts: count * idleWatts,
			joulesPerWork: kind.joulesPerWork,
			wakeJoules: 0,
			mostWatts: 0,
			fits: fitsOf(platforms)
		}];
	});
	if (responder) {
		const { capacity, addedWatts, platforms } = responder;
		set.push({
			id: "responder",
			capacity,
			idleWatts: 0,
			joulesPerWork: addedWatts / capacity,
			wakeJoules: 0,
			mostWatts: 0,
			fits: fitsOf(platforms)
		});
	}
	return set.sort((a, b) => a.joulesPerWork - b.joulesPerWork);
}
// src/simulate/clock.ts
/** Time that passes only from one appointment to the next; what is due at the same moment runs in the order it was planned. */
var Clock = class {
	nowMs = 0;
	/** Appointments that were kept. */
	steps = 0;
	#heap = [];
	#count = 0;
	at(atMs, run) {
		const heap = this.#heap;
		let isOff = false;
		const appointment = {
			atMs: Math.max(this.nowMs, atMs),
			order: this.#count,
			run: () => {
				if (!isOff) run();
			}
		};
		this.#count += 1;
		heap.push(appointment);
		let index = heap.length - 1;
		while (index > 0) {
			const parent = index - 1 >> 1;
			if (!isBefore(appointment, heap[parent])) break;
			heap[index] = heap[parent];
			index = parent;
		}
		heap[index] = appointment;
		return { cancel: () => {
			isOff = true;
		} };
	}
	after(delayMs, run) {
		return this.at(this.nowMs + delayMs, run);
	}
	/** Keeps all appointments up to this moment, which then is now. */
	runUntil(untilMs) {
		while ((this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY) <= untilMs) {
			const next = this.#take();
			this.nowMs = next.atMs;
			this.steps += 1;
			next.run();
		}
		this.nowMs = Math.max(this.nowMs, untilMs);
	}
	#take() {
		const heap = this.#heap;
		const first = heap[0];
		const last = heap.pop();
		if (heap.length === 0) return first;
		let index = 0;
		for (;;) {
			let child = 2 * index + 1;
			if (child >= heap.length) break;
			if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child += 1;
			if (!isBefore(heap[child], last)) break;
			heap[index] = heap[child];
			index = child;
		}
		heap[index] = last;
		return first;
	}
};
const isBefore = (a, b) => a.atMs < b.atMs || a.atMs === b.atMs && a.order < b.order;
// src/simulate/decision-times.ts
/** How long decisions took, milliseconds of real time; counted in steps of a hundredth of a power of two, so that millions take no room. */
var DecisionTimes = class {
	#counts = /* @__PURE__ */ new Map();
	#count = 0;
	add(milliseconds) {
		const step = Math.ceil(Math.log2(Math.max(milliseconds, 1e-6)) * 100);
		this.#counts.set(step, (this.#counts.get(step) ?? 0) + 1);
		this.#count += 1;
	}
	get count() {
		return this.#count;
	}
	/** At least so large a share of them took no longer; 0 when there were none. */
	quantile(share) {
		let seen = 0;
		for (const step of [...this.#counts.keys()].sort((a, b) => a - b)) {
			seen += this.#counts.get(step);
			if (seen >= share * this.#count) return 2 ** (step / 100);
		}
		return 0;
	}
};
/** Without anything seen, so much is taken to be in hand when the server asks for more. */
const unknownLowSeconds = 10;
/**
* How much a player has in hand, as far as the head can know: what is published less the time since the first of it. A
* pause shows only as a throttle that lasts; when it lifts, the player has as much as it had whenever a throttle was
* lifted while it played, which it has shown before.
*/
var PlayerLead = class {
	#publishedSeconds = 0;
	/** When the player began, pauses left out; null before it did. */
	#playerMs = null;
	#throttledMs = null;
	#lowSeconds = null;
	published(seconds, nowMs) {
		const waited = nowMs - this.#publishedSeconds * 1e3;
		this.#playerMs = Math.max(this.#playerMs ?? nowMs, waited);
		this.#publishedSeconds += seconds;
	}
	throttled(on, nowMs) {
		if (on === (this.#throttledMs !== null)) return;
		if (on) {
			this.#throttledMs = nowMs;
			return;
		}
		const wasPaused = this.isPaused(nowMs);
		this.#throttledMs = null;
		const lead = this.#byClock(nowMs);
		if (!wasPaused) this.#lowSeconds = Math.min(this.#lowSeconds ?? lead, lead);
		else {
			const low = this.#lowSeconds ?? unknownLowSeconds;
			this.#playerMs = nowMs - (this.#publishedSeconds - low) * 1e3;
		}
	}
	/** Whether it has all it needs and takes nothing. */
	isPaused(nowMs) {
		return this.#throttledMs !== null && nowMs - this.#throttledMs >= 4e4;
	}
	/** Seconds of source; less than nothing while the player waits. */
	seconds(nowMs) {
		if (this.#throttledMs === null) return this.#byClock(nowMs);
		return Math.max(this.#byClock(nowMs), this.#lowSeconds ?? unknownLowSeconds);
	}
	#byClock(nowMs) {
		return this.#playerMs === null ? 0 : this.#publishedSeconds - (nowMs - this.#playerMs) / 1e3;
	}
};
// src/session/coverage.ts
/** Which segments of one part are whole. */
var Coverage = class {
	/** First segment that is missing: everything before it is whole. */
	#floor;
	/** One past the last whole segment. */
	#top;
	#above = /* @__PURE__ */ new Set();
	constructor(firstSegment) {
		this.#floor = firstSegment;
		this.#top = firstSegment;
	}
	get floor() {
		return this.#floor;
	}
	get top() {
		return this.#top;
	}
	has(segment) {
		return segment < this.#floor || this.#above.has(segment);
	}
	add(segment) {
		if (this.has(segment)) return;
		this.#above.add(segment);
		this.#top = Math.max(this.#top, segment + 1);
		while (this.#above.delete(this.#floor)) this.#floor += 1;
	}
	/** First missing segment in [from, to), or null when all of them are whole. */
	firstMissing(from, to) {
		for (let segment = Math.max(from, this.#floor); segment < to; segment += 1) if (!this.#above.has(segment)) return segment;
		return null;
	}
};
// src/session/end-of-input.ts
/**
* Takes an observation that there is nothing at or after `segment`. Answers false, and keeps the old bound, when
* segments at or after it are already whole: then the lease that said so is wrong.
*/
function observeEnd(end, coverage, segment) {
	if (segment < coverage.top) return false;
	end.bound = Math.min(end.bound ?? segment, segment);
	return true;
}
/** One past the last segment, or null while it is not known or something before it is missing. */
function settledEnd(end, coverage) {
	return end.bound !== null && coverage.floor >= end.bound ? end.bound : null;
}
/** Whether the part certainly has nothing at `segment`. */
function isPastEnd(end, segment) {
	return end.bound !== null && segment >= end.bound;
}
// src/session/lease.ts
/** Nothing of it is missing any more; its process is ending. */
function isDone(lease, coverage) {
	return coverage.firstMissing(lease.from, lease.to) === null;
}
/** It waits for credit, so its silence says nothing. */
function isHeld(lease) {
	return lease.next >= lease.until && lease.next < lease.to;
}
/** The segment lies in its range, so that no other lease need make it; but a late lease keeps nothing for itself. */
function keeps(lease, segment) {
	return !lease.late && segment >= lease.from && segment < lease.to;
}
// src/session/part.ts
/** Whether a part has one lease at a time. */
function isUndivided(part) {
	return part.sticky || (part.inOnePiece?.() ?? false);
}
/** A short segment is whole: what there is of it has come. */
function countShort(part, segment) {
	part.coverage.add(segment);
	part.wholeThoughShort.add(segment);
}
function newPart(part, firstSegment) {
	return {
		...part,
		coverage: new Coverage(firstSegment),
		end: { bound: null },
		wholeThoughShort: /* @__PURE__ */ new Set(),
		leases: /* @__PURE__ */ new Map(),
		avoided: /* @__PURE__ */ new Set(),
		failures: /* @__PURE__ */ new Map(),
		doubts: /* @__PURE__ */ new Map()
	};
}
/** One past the last segment that is planned for now: the known bound, else the estimate while it still holds. */
function plannedEnd(part, spec) {
	return part.end.bound ?? Math.max(expectedEnd(part, spec), part.coverage.floor + 1);
}
/** One past the last segment, or file of its own, that the probed duration lets expect of a part. */
function expectedEnd(part, spec) {
	return part.own?.expectedEnd ?? spec.expectedEndSegment;
}
/** Seconds of source of a part's segments, or of its files where it has its own. */
function lengthsOf(part, spec) {
	return part.own?.fileSeconds ?? spec.segmentSeconds;
}
/** One past the last segment, or file of its own, of a part that goes into the session's segments up to this one. */
function neededFor(part, segment) {
	return part.own?.upTo(segment) ?? segment + 1;
}
/** One past the last segment, or null while it is not settled. */
function partEnd(part) {
	return settledEnd(part.end, part.coverage);
}
/** Whether the part gives what it has to the session's `segment`: what is needed for it is whole, or it ended before. */
function hasOrEnded(part, segment) {
	if (!part.own) return part.coverage.has(segment) || isPastEnd(part.end, segment);
	const needed = Math.min(neededFor(part, segment), part.end.bound ?? Number.POSITIVE_INFINITY);
	return part.coverage.floor >= needed;
}
/** The first hole that begins before `limit`. */
function firstHole(part, spec, limit) {
	const { coverage } = part;
	const keepers = keepersOf(part);
	const end = Math.min(knownEnd(part, spec), limit);
	let from = coverage.floor;
	for (;;) {
		if (from >= end) return null;
		const keeper = keepers.find((lease) => keeps(lease, from));
		if (!keeper && !coverage.has(from)) break;
		from = keeper ? keeper.to : from + 1;
	}
	return holeAt(part, spec, from);
}
/** The hole that begins with a segment which is missing and which no lease keeps. */
function holeAt(part, spec, from) {
	const kept = keepersOf(part).flatMap((lease) => lease.from > from ? [lease.from] : []);
	return {
		from,
		to: firstWhole(part.coverage, from + 1, Math.min(knownEnd(part, spec), ...kept))
	};
}
function keepersOf(part) {
	return [...part.leases.values()].filter((lease) => !lease.late && lease.from < lease.to);
}
/** One past the last segment that can be leased now. */
function knownEnd(part, spec) {
	const known = part.own ? void 0 : spec.knownEndSegment?.();
	return Math.min(plannedEnd(part, spec), known ?? Number.POSITIVE_INFINITY);
}
function firstWhole(coverage, from, to) {
	let segment = from;
	while (segment < to && !coverage.has(segment)) segment += 1;
	return segment;
}
/** Leases that still have something to make. */
function busyLeases(part) {
	return [...part.leases.values()].filter((lease) => !isDone(lease, part.coverage));
}
// src/session/span.ts
/** Seconds of source in the segments [from, to). */
function spanSeconds(segmentSeconds, from, to) {
	let seconds = 0;
	for (let segment = from; segment < to; segment += 1) seconds += segmentSeconds(segment);
	return seconds;
}
/**
* One past the last of the whole segments from `from` that fit into `seconds`: at least `atLeast` of them, and
* never past `stop`.
*/
function segmentAfter(segmentSeconds, from, seconds, bounds) {
	let to = from;
	let left = seconds;
	while (to < bounds.stop && (to - from < bounds.atLeast || segmentSeconds(to) <= left)) {
		left -= segmentSeconds(to);
		to += 1;
	}
	return to;
}
// src/session/credit.ts
/** No limit. */
const endless = Number.MAX_SAFE_INTEGER;
/** The last segment is known by the one behind it, so that one must always have credit. */
const minLookAheadSegments = 3;
/** Sound is made tens of times faster than pictures: this much ahead of publication it never holds them up. */
const minSoundSegments = 2;
/** While a viewer waits for the first picture, sound that is not needed yet must not take the processor from it. */
const firstSoundSegments = 1;
/** An encoder this close to its credit gets more at once: it reads ahead of what it has delivered. */
const starvingSegments = 2;
/**
* One past the last segment of a part that may be made now. A whole-file job has no bound; nor has a part once the
* reference part is settled, because the last segment is published only when everything has ended. While the server
* throttles, no part has more than the few segments of a trickle.
*/
function creditLimit(state, part) {
	const { spec, parts, publication } = state;
	const reference = parts[0];
	if (spec.mode === "file") return endless;
	if (state.throttledSinceMs !== null) return neededFor(part, publication.next + minLookAheadSegments - 1);
	if (part !== reference && partEnd(reference) !== null) return endless;
	const { lookAheadSeconds } = spec.policy;
	const seconds = part.sticky ? Math.min(lookAheadSeconds, publication.seconds) : lookAheadSeconds;
	const bounds = {
		atLeast: part.sticky ? soundSegments(spec, publication) : minLookAheadSegments,
		stop: endless
	};
	return neededFor(part, segmentAfter(spec.segmentSeconds, publication.next, seconds, bounds) - 1);
}
/**
* The credit a lease should be raised to, or null: in steps of a quarter window, but never starving an encoder.
* Sound starves when publication is about to need what it may not make yet.
*/
function raisedCredit(spec, part, lease, limit, publication) {
	const until = Math.min(lease.to, limit);
	if (until <= lease.until) return null;
	if ((part.sticky ? lease.until < neededFor(part, publication.next + soundSegments(spec, publication) - 1) : lease.until - lease.next <= starvingSegments) || until >= lease.to) return until;
	return spanSeconds(lengthsOf(part, spec), lease.until, until) >= spec.policy.lookAheadSeconds / 4 ? until : null;
}
/** The credit a lease is lowered to when the server throttles: the segment in hand is finished. Null: it has no more. */
function throttledCredit(lease) {
	const until = lease.next + 1;
	return until < Math.min(lease.until, lease.to) ? until : null;
}
/**
* Whether a throttled session may go on by a few segments: so long after the last one was published that it keeps
* to the pace of a throttled transcoder, which never quite stands still.
*/
function mayTrickle({ spec, publication, throttledSinceMs }, nowMs) {
	const waitedMs = nowMs - Math.max(throttledSinceMs ?? nowMs, publication.movedMs);
	const to = publication.next + minLookAheadSegments;
	return waitedMs >= spanSeconds(spec.segmentSeconds, publication.next, to) / spec.policy.throttledSpeed * 1e3;
}
function soundSegments(spec, publication) {
	return publication.next === spec.firstSegment ? firstSoundSegments : minSoundSegments;
}
// src/session/progress.ts
/** A beat every second with progress that ffmpeg tells every half: over less, a speed may be off by more than a half. */
const windowSeconds = 2;
function newProgress(nowMs) {
	return {
		arrivedSeconds: 0,
		madeSeconds: 0,
		grewMs: nowMs,
		heardMs: nowMs,
		window: null
	};
}
/** Takes a segment that has arrived. Answers the present speed (seconds of source a second) when a window is full. */
function takeArrival(progress, segmentSeconds, nowMs) {
	progress.arrivedSeconds += segmentSeconds;
	return takeMade(progress, progress.arrivedSeconds, nowMs);
}
/** Takes what the process has made by its own account; answers as {@link takeArrival}. */
function takeMade(progress, madeSeconds, nowMs) {
	progress.heardMs = nowMs;
	if (madeSeconds <= progress.madeSeconds) return null;
	progress.madeSeconds = madeSeconds;
	progress.grewMs = nowMs;
	const { window } = progress;
	const elapsedSeconds = window === null ? 0 : (nowMs - window.ms) / 1e3;
	if (window !== null && elapsedSeconds < windowSeconds) return null;
	progress.window = {
		ms: nowMs,
		madeSeconds
	};
	return window === null ? null : (madeSeconds - window.madeSeconds) / elapsedSeconds;
}
/** It goes on after it had to wait: the time until now says nothing. */
function resume(progress, nowMs) {
	progress.grewMs = nowMs;
	progress.heardMs = nowMs;
	progress.window = null;
}
// src/session/going-on.ts
/** What is to be remembered of a part as it is now. */
function memoryOf(part) {
	const leases = [...part.leases.values()].map(({ attempt, node, from, to, until, cut }) => ({
		attempt,
		node,
		from,
		to,
		until,
		cut
	}));
	return {
		name: part.name,
		bound: part.end.bound,
		wholeThoughShort: [...part.wholeThoughShort],
		leases
	};
}
/** The part as it was: its leases run on, and what is missing before where one of them has come to is a hole again. */
function partGoingOn(part, past, spec, nowMs) {
	const coverage = new Coverage(past.floor);
	const wholeThoughShort = new Set(past.wholeThoughShort);
	const short = past.short.filter((segment) => !wholeThoughShort.has(segment));
	for (const segment of past.whole) coverage.add(segment);
	for (const segment of past.short) if (wholeThoughShort.has(segment)) coverage.add(segment);
	const leases = past.leases.flatMap((lease) => {
		const missing = coverage.firstMissing(lease.from, lease.to);
		if (missing === null) return [];
		const inHand = short.find((segment) => segment >= missing && segment < lease.to) ?? null;
		const next = inHand === null ? missing : inHand + 1;
		const progress = newProgress(nowMs);
		takeArrival(progress, spanSeconds(part.own?.fileSeconds ?? spec.segmentSeconds, lease.from, next), nowMs);
		const until = Math.min(lease.until, next);
		return [[lease.attempt, {
			...lease,
			until,
			next,
			movedMs: nowMs,
			late: false,
			short: inHand,
			progress
		}]];
	});
	return {
		...newPart(part, past.floor),
		coverage,
		wholeThoughShort,
		end: { bound: past.bound },
		leases: new Map(leases)
	};
}
function publicationGoingOn(past, nowMs) {
	const { next, publishedSeconds: seconds, leadSeconds } = past;
	return {
		next,
		seconds,
		inFlight: false,
		playerMs: nowMs - (seconds - leadSeconds) * 1e3,
		movedMs: nowMs
	};
}
// src/session/publication.ts
function newPublication(firstSegment) {
	return {
		next: firstSegment,
		inFlight: false,
		seconds: 0,
		playerMs: null,
		movedMs: 0
	};
}
/**
* Whether the first unpublished segment can be published: every part has it or ended before it. What may be the
* last segment waits until that is settled, and the last one until every part has ended, since sound that outlives
* the picture goes into its file.
*/
function isReady(publication, parts, spec) {
	const segment = publication.next;
	const reference = parts[0];
	if (publication.inFlight || !reference.coverage.has(segment)) return false;
	if (!parts.every((part) => hasOrEnded(part, segment))) return false;
	if (partEnd(reference) === segment + 1) return parts.every((part) => partEnd(part) !== null);
	return isSurelyInside(segment, reference, spec);
}
function isSurelyInside(segment, reference, spec) {
	const bound = Math.min(spec.expectedEndSegment, reference.end.bound ?? spec.expectedEndSegment);
	return segment + 1 + 1 < bound || reference.coverage.top > segment + 1;
}
/** Takes the publisher's word for it; false when it was not asked to publish this segment. */
function confirm(publication, segment, spec, nowMs) {
	if (!publication.inFlight || segment !== publication.next) return false;
	publication.inFlight = false;
	publication.next += 1;
	publication.playerMs = Math.max(publication.playerMs ?? nowMs, nowMs - publication.seconds * 1e3);
	publication.seconds += spec.segmentSeconds(segment);
	publication.movedMs = nowMs;
	return true;
}
/**
* Seconds by which publication leads a player that started with the first segment and never paused; less than nothing
* while it waits.
*/
function leadSeconds(publication, nowMs) {
	if (publication.playerMs === null) return 0;
	return publication.seconds - (nowMs - publication.playerMs) / 1e3;
}
/**
* Seconds until the player needs a part's segment (or file of its own); nothing for what it waits for. Before the
* first publication it waits for everything.
*/
function secondsUntilNeeded(publication, part, spec, segment, nowMs) {
	const awaited = publication.next === spec.firstSegment ? spec.firstSegment : neededFor(part, publication.next - 1);
	return Math.max(0, leadSeconds(publication, nowMs)) + spanSeconds(lengthsOf(part, spec), awaited, segment);
}
// src/session/lease-end.ts
/**
* Draws the conclusions from a lease that is over: what it did not deliver is a hole again, a clean end before
* `to` says where the input ends. Answers why the session cannot go on, or null.
*/
function endLease(state, part, lease, event, nowMs) {
	part.leases.delete(lease.attempt);
	if (event.outcome === "failed" && event.hasOtherWay) {
		if (state.nodes.some(({ id }) => id !== lease.node)) rest(state, lease.node, nowMs);
		return null;
	}
	if (event.outcome === "failed") return countFailure(state, part, lease, event.reason ?? "no reason given", nowMs);
	if (event.outcome === "stopped") {
		if (!lease.cut) rest(state, lease.node, nowMs);
		return null;
	}
	const next = Math.max(lease.from, event.next);
	const endsShort = lease.short !== null && lease.short + 1 === next;
	const endsAt = endsShort ? next - 1 : next;
	if (part.coverage.firstMissing(lease.from, Math.min(endsAt, lease.to)) !== null) return countFailure(state, part, lease, "it ended without delivering everything", nowMs);
	if (endsAt > lease.from && next < part.coverage.top && (next < lease.to || endsShort && !part.sticky)) return countFailure(state, part, lease, `it saw the input end at ${next}, but there is more`, nowMs);
	if (isDoubtful(state, part, lease, endsAt)) {
		const doubted = part.doubts.get(endsAt) ?? /* @__PURE__ */ new Map();
		const before = doubted.get(lease.node) ?? 0;
		if (before > 0) part.avoided.add(lease.node);
		part.doubts.set(endsAt, doubted.set(lease.node, before + 1));
		part.failures.set(endsAt, part.failures.get(endsAt) ?? 1);
		if (state.nodes.some(({ id }) => id !== lease.node) && endsAt > lease.from) rest(state, lease.node, nowMs);
		return null;
	}
	if (endsShort) countShort(part, endsAt);
	if (next >= lease.to || observeEnd(part.end, part.coverage, next)) return null;
	return countFailure(state, part, lease, `it saw the input end at ${next}, but there is more`, nowMs);
}
/** A node that says the same again and again is believed in the end: the others may all hang. */
const mostRepeats = 3;
/**
* A seek behind the last key frame of a file without an index finds nothing, though there are pictures; and an ffmpeg
* whose driver fails half-way may end as if all were well. A lease that ends well before the expected end is believed
* when the next one, which seeks further back, has found nothing there either.
*/
function isDoubtful(state, part, lease, endsAt) {
	if (!(endsAt < lease.to && endsAt + 1 < expectedEnd(part, state.spec))) return false;
	const doubted = part.doubts.get(endsAt);
	if (!doubted) return true;
	const isAlone = state.nodes.every(({ id }) => id === lease.node || doubted.has(id));
	const hasOther = [...doubted.keys()].some((node) => node !== lease.node);
	return !isAlone && !hasOther && (doubted.get(lease.node) ?? 0) < mostRepeats;
}
/** Counts a failure against the first segment that the lease owes. */
function countFailure(state, part, lease, reason, nowMs) {
	const segment = part.coverage.firstMissing(lease.from, lease.to);
	if (segment === null) return null;
	part.avoided.add(lease.node);
	rest(state, lease.node, nowMs);
	const failures = (part.failures.get(segment) ?? 0) + 1;
	part.failures.set(segment, failures);
	if (failures < state.spec.policy.maxFailures) return null;
	return `${failures} leases failed at segment ${segment} of ${part.name}, the last on ${lease.node}: ${reason}`;
}
/** A node whose lease ended badly gets nothing for a moment, so that a quick failure does not spin. */
function rest(state, node, nowMs) {
	state.restUntilMs.set(node, nowMs + state.spec.policy.restSeconds * 1e3);
}
// src/session/pace.ts
/** Older observations count half once there is so much newer. */
const memorySeconds = 30;
/** Less than this says nothing yet: segments arrive in bursts. */
const minWallSeconds = 1;
/** The present speed is taken over so short a time that it may be off by a half; slower than that is a change. */
const presentTolerance = 1.5;
function observePace(paces, node, sourceSeconds, wallSeconds) {
	const pace = paces.get(node) ?? {
		sourceSeconds: 0,
		wallSeconds: 0
	};
	paces.set(node, pace);
	pace.sourceSeconds += sourceSeconds;
	pace.wallSeconds += Math.max(0, wallSeconds);
	if (pace.wallSeconds > memorySeconds) {
		pace.sourceSeconds /= 2;
		pace.wallSeconds /= 2;
	}
}
/** Takes how fast a node is now, so that one that has become slow is known for it at once. */
function observePresent(paces, node, speed) {
	const pace = paces.get(node) ?? {
		sourceSeconds: 0,
		wallSeconds: 0
	};
	paces.set(node, pace);
	pace.presentSpeed = speed;
}
/** Its share of a node has changed by that factor: what was seen of it changes with it, until more is seen. */
function rescalePace(paces, node, factor) {
	const pace = paces.get(node);
	if (!pace) return;
	pace.sourceSeconds *= factor;
	if (pace.presentSpeed !== void 0) pace.presentSpeed *= factor;
}
/**
* Seconds of source a second, for each listed node: what was seen in this session, else what the head measured
* before, else as much a core as the others have, else as if the average node were just fast enough for real time.
*/
function nodeSpeeds(nodes, paces) {
	const known = /* @__PURE__ */ new Map();
	for (const node of nodes) {
		const speed = seenSpeed(paces.get(node.id)) ?? offeredSpeed(node);
		if (speed !== void 0 && speed > 0) known.set(node.id, speed);
	}
	const sample = known.size > 0 ? nodes.filter((node) => known.has(node.id)) : nodes;
	const speedPerCore = sum(sample, (node) => known.get(node.id) ?? 1) / Math.max(1, sum(sample, coresOf));
	return new Map(nodes.map((node) => [node.id, known.get(node.id) ?? coresOf(node) * speedPerCore]));
}
function offeredSpeed({ speed, share = 1 }) {
	return speed === void 0 ? void 0 : speed * share;
}
function seenSpeed(pace) {
	if (!pace) return void 0;
	const { sourceSeconds, wallSeconds, presentSpeed } = pace;
	if (wallSeconds < minWallSeconds || sourceSeconds === 0) return presentSpeed;
	return Math.min(sourceSeconds / wallSeconds, presentTolerance * (presentSpeed ?? Number.POSITIVE_INFINITY));
}
function coresOf(node) {
	return Math.max(1, node.cores);
}
function sum(items, value) {
	return items.reduce((total, item) => total + value(item), 0);
}
// src/session/state.ts
/** `past` for a session that another head began. */
function newState(spec, past, nowMs = 0) {
	if (spec.parts.length === 0) throw new RangeError("a session has at least one part");
	const parts = spec.parts.map((part) => {
		const before = past?.parts.find(({ name }) => name === part.name);
		return before ? partGoingOn(part, before, spec, nowMs) : newPart(part, spec.firstSegment);
	});
	return {
		spec,
		parts,
		publication: past ? publicationGoingOn(past, nowMs) : newPublication(spec.firstSegment),
		nodes: [],
		restUntilMs: /* @__PURE__ */ new Map(),
		hanging: /* @__PURE__ */ new Map(),
		shares: /* @__PURE__ */ new Map(),
		paces: new Map(parts.map((part) => [part, /* @__PURE__ */ new Map()])),
		throttledSinceMs: null,
		attempts: 0,
		over: false
	};
}
/** Takes the list of nodes. One that is shared with more sessions than before is slower from now on. */
function takeNodes(state, nodes) {
	state.nodes = nodes;
	for (const { id, share = 1 } of nodes) {
		const factor = share / (state.shares.get(id) ?? share);
		state.shares.set(id, share);
		if (factor === 1) continue;
		for (const paces of state.paces.values()) rescalePace(paces, id, factor);
	}
}
/** The live lease behind an attempt, and its part. */
function findLease(state, attempt) {
	for (const part of state.parts) {
		const lease = part.leases.get(attempt);
		if (lease) return {
			part,
			lease
		};
	}
	return null;
}
/** Nodes for a part: those that failed at it, and then those that are late or hang, only when there is no other. */
function usableNodes(state, part, nowMs) {
	const punctual = punctualNodes(state, part, nowMs);
	return punctual.length > 0 ? punctual : state.nodes;
}
/** Nodes but one that are neither late nor hang; those that failed at the part only when there is no other. */
function punctualNodes(state, part, nowMs, but = null) {
	const late = new Set([...part.leases.values()].filter((lease) => lease.late).map((lease) => lease.node));
	const isHanging = ({ id }) => (state.hanging.get(id)?.untilMs ?? nowMs) > nowMs;
	const punctual = state.nodes.filter((node) => node.id !== but && !late.has(node.id) && !isHanging(node));
	const trusted = punctual.filter((node) => !part.avoided.has(node.id) && !node.untrustedFor?.includes(part.name));
	return trusted.some(({ id }) => !standsStill(part, id, nowMs)) ? trusted : punctual;
}
/** One that has shown nothing for so long is no other to wait for. */
const stillMs = 6e4;
function standsStill(part, node, nowMs) {
	return [...part.leases.values()].some((lease) => lease.node === node && !isHeld(lease) && nowMs - lease.movedMs > stillMs);
}
/** Whether a node may be given something: not for a moment after a lease that ended badly. */
function isRested(state, node, nowMs) {
	return (state.restUntilMs.get(node) ?? 0) <= nowMs;
}
/** Speeds of the listed nodes at a part, seconds of source a second. */
function speedsAt(state, part) {
	return nodeSpeeds(state.nodes, state.paces.get(part));
}
/** Lowers a lease's end and says so to its node; nothing when it ends there or before anyway. */
function cutLease(lease, at) {
	if (at >= lease.to) return [];
	lease.to = at;
	lease.cut = true;
	return [{
		type: "cut",
		attempt: lease.attempt,
		at
	}];
}
/** Forgets a lease whose work is not wanted and says so to its node. */
function cancelLease(part, lease) {
	part.leases.delete(lease.attempt);
	return {
		type: "cancel",
		attempt: lease.attempt
	};
}
// src/session/made.ts
/** A segment has arrived: it counts, and so does the time that it took. */
function takeSegment(state, event, nowMs) {
	const found = findLease(state, event.attempt);
	if (!found) return;
	const { part, lease } = found;
	const { segment } = event;
	if (segment < lease.from || segment >= lease.to) return;
	if (part.sticky && lease.short !== null && segment > lease.short) {
		countShort(part, lease.short);
		lease.short = null;
	}
	if (event.short) lease.short = segment;
	else part.coverage.add(segment);
	if (segment < lease.next) return;
	const startSeconds = lease.next === lease.from ? state.spec.policy.startCostSeconds : 0;
	const seconds = spanSeconds(lengthsOf(part, state.spec), lease.next, segment + 1);
	observePace(state.paces.get(part), lease.node, seconds, (nowMs - lease.movedMs) / 1e3 - startSeconds);
	notePresent(state, part, lease, takeArrival(lease.progress, seconds, nowMs));
	state.hanging.delete(lease.node);
	lease.next = segment + 1;
	lease.movedMs = nowMs;
}
/** An encoder that waits for credit makes nothing, and that says nothing. */
function takeProgress(state, { attempt, madeSeconds }, nowMs) {
	const found = findLease(state, attempt);
	if (!found || isHeld(found.lease)) return;
	notePresent(state, found.part, found.lease, takeMade(found.lease.progress, madeSeconds, nowMs));
}
function notePresent(state, part, { node }, speed) {
	if (speed !== null) observePresent(state.paces.get(part), node, speed);
}
// src/session/race.ts
/** A node that has hung for long gets another chance once in a while: what hung may have been a disk, or a fan. */
const longestSeconds = 60;
/** Cancels leases that have nothing left to make: the input ends before them, or another was first with everything. */
function cancelNeedless(state, part, nowMs) {
	const { bound } = part.end;
	return [...part.leases.values()].flatMap((lease) => {
		const first = lease.late ? lease.next : lease.from;
		if (bound !== null && first >= bound) return [cancelLease(part, lease)];
		if (!(lease.next < lease.to && part.coverage.firstMissing(lease.from, lease.to) === null)) return [];
		if (lease.late) learnFromDefeat(state, part, lease, nowMs);
		return [cancelLease(part, lease)];
	});
}
/**
* What it has not made counts against its speed. A node that has made nothing at all may be hanging: it is left out for
* as long as it hung, twice as long each time, and is tried again.
*/
function learnFromDefeat(state, part, lease, nowMs) {
	const { arrivedSeconds, madeSeconds } = lease.progress;
	const elapsedSeconds = (nowMs - lease.movedMs) / 1e3;
	observePace(state.paces.get(part), lease.node, madeSeconds - arrivedSeconds, elapsedSeconds);
	if (madeSeconds > 0) return;
	const times = (state.hanging.get(lease.node)?.times ?? 0) + 1;
	const seconds = Math.min(longestSeconds, elapsedSeconds * 2 ** (times - 1));
	state.hanging.set(lease.node, {
		times,
		untilMs: nowMs + seconds * 1e3
	});
}
// src/session/blocks.ts
/** A block may take this share of the lead to make without the player catching up. */
const leadShare = 1 / 2;
/**
* And this share of what has been published: nodes so weak that one-segment leases keep them from ever gaining a
* lead get out of that trap.
*/
const publishedShare = 1 / 8;
/**
* Seconds of source in one block of a stream that several nodes share: one segment at the start, growing with the
* lead, and never so long that the blocks of all nodes do not fit into the look-ahead.
*/
function blockSeconds(spec, state) {
	const { maxBlockSeconds, lookAheadSeconds } = spec.policy;
	const wanted = Math.max(state.leadSeconds * leadShare, state.publishedSeconds * publishedShare);
	return Math.max(0, Math.min(wanted, maxBlockSeconds, lookAheadSeconds / state.nodes));
}
/** End of the block that begins at `from`: whole segments, at least one, not past the hole. */
function blockEnd(spec, hole, seconds) {
	return segmentAfter(spec.segmentSeconds, hole.from, seconds, {
		atLeast: 1,
		stop: longestEnd(spec, hole)
	});
}
/**
* End of the share of a hole that the first of several idle nodes takes in a whole-file job: in proportion to
* speed, in whole segments, and never less work than makes up for starting a process.
*/
function shareEnd(spec, hole, speeds) {
	const total = speeds.reduce((sum, speed) => sum + speed, 0);
	const own = speeds[0];
	const holeSeconds = spanSeconds(spec.segmentSeconds, hole.from, hole.to);
	const worthSeconds = 2 * spec.policy.startCostSeconds * own;
	const wanted = Math.max(holeSeconds * own / total, worthSeconds);
	const halfSegment = spec.segmentSeconds(hole.from) / 2;
	const bounds = {
		atLeast: 1,
		stop: longestEnd(spec, hole)
	};
	return segmentAfter(spec.segmentSeconds, hole.from, wanted + halfSegment, bounds);
}
function longestEnd(spec, hole) {
	return Math.min(hole.to, hole.from + spec.policy.maxLeaseSegments);
}
// src/session/sound-share.ts
/**
* Two minutes of sound were measured at 2.2 s of a processor that needs 59 s for their pictures in 720p, less what the
* agent does for either.
*/
const soundAgainstPictures = 25;
/**
* The part of its time that a node of a whole-file job has for pictures: the one that makes the sound of the whole
* file spends as long on it as on a twenty-fifth of the pictures, and is given so much less.
*/
function timeForPictures(state, node) {
	return makesSound(state, node) ? Math.max(.1, 1 - state.nodes.length / 26) : 1;
}
/**
* Whether a node of one processor is to make the sound of a whole-file job before any picture. Beside pictures it gets
* half the processor: where so many nodes make pictures that it would take two thirds of their time, a node somewhat
* slower than thought would hold up everything. Its share of the pictures is kept for it. With fewer nodes both
* together use the processor better: sound that comes slowly, over a thin network say, leaves it free.
*/
function isSoundFirst(state, node, speeds) {
	if (state.spec.mode !== "file" || !makesSound(state, node)) return false;
	const { cores = 1 } = state.nodes.find((each) => each.id === node) ?? {};
	const together = [...speeds.values()].reduce((sum, speed) => sum + speed, 0);
	return cores <= 1 && together > (speeds.get(node) ?? 0) * (soundAgainstPictures / 3);
}
function makesSound(state, node) {
	return state.parts.some((part) => part.sticky && [...part.leases.values()].some((lease) => lease.node === node && !isDone(lease, part.coverage)));
}
// src/session/crew.ts
function crewOf(state, part, nowMs) {
	const speeds = speedsAt(state, part);
	const slowest = Math.min(1, ...speeds.values());
	const speedOf = (node) => speeds.get(node) ?? slowest;
	const usable = quickEnough(state, usableNodes(state, part, nowMs), speedOf, nowMs);
	const busy = busyLeases(part);
	const working = new Set(busy.map((lease) => lease.node));
	const isUnbound = ({ id }) => !working.has(id) && isRested(state, id, nowMs);
	const isReserved = ({ id }) => !part.sticky && isSoundFirst(state, id, speeds);
	const free = usable.filter(isUnbound).toSorted((a, b) => speedOf(b.id) - speedOf(a.id) || b.cores - a.cores || (a.id < b.id ? -1 : 1));
	const reserved = free.filter(isReserved);
	const idle = free.filter((node) => !reserved.includes(node));
	const othersThan = (node) => punctualNodes(state, part, nowMs, node);
	const isFree = (node) => isUnbound(node) && !isReserved(node);
	return {
		usable,
		idle,
		reserved,
		busy,
		speedOf,
		othersThan,
		isFree
	};
}
/**
* While a player has little in hand, one segment on a slow node would hold up everything that faster ones make
* behind it: nodes at less than half the best speed join when the player can wait so long, or when publication has
* gone on for long enough to need them.
*/
function quickEnough(state, nodes, speedOf, nowMs) {
	const { spec, publication } = state;
	if (spec.mode === "file") return nodes;
	const fastest = Math.max(...nodes.map((node) => speedOf(node.id)));
	const patience = Math.max(leadSeconds(publication, nowMs), publication.seconds / 4);
	const segment = spec.segmentSeconds(publication.next);
	return nodes.filter(({ id }) => {
		const seconds = spec.policy.startCostSeconds + segment / speedOf(id);
		return speedOf(id) * 2 >= fastest || seconds <= patience;
	});
}
// src/session/grant.ts
/**
* Grants [range.from, range.to) of a part to a node; a lease that reaches the expected end goes on behind it. `doubled`
* is the lease whose segment in hand it makes a second time.
*/
function grantLease(state, part, node, range, nowMs, doubled = null) {
	const { spec } = state;
	const { from } = range;
	const isLast = part.end.bound === null && range.to >= plannedEnd(part, spec) && !isKeptFrom(part, range.to);
	const wanted = isLast ? range.to + spec.policy.overrunSegments : range.to;
	const to = spec.reach?.({
		part: part.name,
		node,
		from,
		to: wanted,
		open: isLast
	}) ?? wanted;
	const open = isLast && to === wanted;
	const until = Math.min(to, creditLimit(state, part));
	const attempt = `${spec.attemptPrefix}-${state.attempts}`;
	state.attempts += 1;
	part.leases.set(attempt, {
		attempt,
		node,
		from,
		to,
		until,
		next: from,
		movedMs: nowMs,
		cut: false,
		late: false,
		short: null,
		progress: newProgress(nowMs)
	});
	const failures = part.failures.get(from) ?? 0;
	const doubles = doubled?.attempt ?? null;
	return {
		type: "grant",
		attempt,
		node,
		part: part.name,
		from,
		to,
		until,
		open,
		failures,
		doubles
	};
}
/** Whether a lease that began after a late one looks for the end of the input from there on. */
function isKeptFrom(part, segment) {
	return [...part.leases.values()].some(({ late, from, to }) => !late && from >= segment && from < to);
}
// src/session/prediction.ts
/** A process that reports without having made anything for longer than two of its reports stands still. */
const standsStillSeconds = 2;
/**
* Seconds until the segment in hand will be there: what its node's speed leaves of it, less the time that has passed
* since. What is overdue is expected to take as long again as it is overdue, since whatever holds it up is unknown:
* so nothing is given up for a little lateness, and nothing is hoped for long. A process that says itself that it
* stands still is expected to stand as long again before it makes the rest.
*/
function secondsInHand(lease, outlook, nowMs) {
	const { madeSeconds, arrivedSeconds, grewMs, heardMs } = lease.progress;
	const segment = outlook.segmentSeconds(lease.next);
	const made = Math.min(segment, madeSeconds - arrivedSeconds);
	if (!(made > 0 && made < segment)) return secondsLeft(wholeSeconds(lease, outlook, segment), nowMs - lease.movedMs);
	const needed = (segment - made) / outlook.speed;
	const stoodSeconds = (heardMs - grewMs) / 1e3;
	return stoodSeconds > standsStillSeconds ? needed + stoodSeconds : secondsLeft(needed, nowMs - grewMs);
}
/** Seconds until a node that begins with `segment` now, with a process of its own, will have made it. */
function secondsAnew(segment, outlook) {
	return outlook.startSeconds + outlook.segmentSeconds(segment) / outlook.speed;
}
function wholeSeconds(lease, outlook, segment) {
	return (lease.next === lease.from ? outlook.startSeconds : 0) + segment / outlook.speed;
}
function secondsLeft(neededSeconds, elapsedMs) {
	return Math.abs(neededSeconds - elapsedMs / 1e3);
}
// src/session/rescue.ts
/**
* What lies between a segment's arrival and its use: weaving, writing, announcing, and the player's own request. Tenths
* of a second each on a busy machine.
*/
const marginSeconds = 1;
/**
* The first segment that would come too late for the player and that another node would really have sooner: an idle
* one, or, in a stream, one that works further ahead. Where only the total time counts everything is too late, and
* only idle nodes help.
*/
function findRescue(state, part, crew, nowMs) {
	return crew.busy.filter((lease) => !lease.late && !isHeld(lease)).flatMap((lease) => firstRescue(state, part, crew, lease, nowMs) ?? []).toSorted((a, b) => a.segment - b.segment)[0] ?? null;
}
function firstRescue(state, part, crew, lease, nowMs) {
	const helpers = helpersOf(state, part, crew, lease, nowMs);
	const outlook = outlookOf(state, part, crew.speedOf(lease.node), lease.from);
	const end = endOfChoice(state, part, lease);
	if (helpers.length === 0) return null;
	for (const { segment, seconds } of arrivals(lease, end, outlook, nowMs)) {
		if (!isTooLate(state, part, segment, seconds, nowMs)) continue;
		const soonest = soonestAt(helpers, segment);
		if (soonest && soonest.seconds * 1.5 <= seconds) return {
			lease,
			segment,
			helper: soonest.node
		};
	}
	return null;
}
/**
* Seconds until each segment from the one in hand on will be there. How long that one is overdue does not count for
* those behind it: it says nothing of them, and if it comes to that, they go with it to another node.
*/
function* arrivals(lease, end, outlook, nowMs) {
	const { segmentSeconds, speed } = outlook;
	const inHand = secondsInHand(lease, outlook, nowMs);
	let seconds = inHand;
	for (let segment = lease.next; segment < end; segment += 1) {
		if (segment === lease.next + 1) seconds = Math.min(inHand, segmentSeconds(lease.next) / speed);
		if (segment > lease.next) seconds += segmentSeconds(segment) / speed;
		yield {
			segment,
			seconds
		};
	}
}
/** Where only the total time counts, what lies behind the segment in hand is stolen, not rescued. */
function endOfChoice(state, part, lease) {
	if (state.spec.mode === "file") return lease.next + 1;
	return Math.min(lease.to, lease.until, plannedEnd(part, state.spec), creditLimit(state, part));
}
/** Whether a segment that comes in so many seconds comes too late for the player. */
function isTooLate({ spec, publication }, part, segment, seconds, nowMs) {
	if (spec.mode === "file") return true;
	return seconds > secondsUntilNeeded(publication, part, spec, segment, nowMs) - marginSeconds;
}
/** Idle nodes, and those that work further ahead: they have their segment in hand to finish beside. */
function helpersOf(state, part, crew, lease, nowMs) {
	const others = crew.othersThan(lease.node);
	const idle = others.filter(crew.isFree).map(({ id }) => {
		const outlook = outlookOf(state, part, crew.speedOf(id), lease.next);
		return {
			node: id,
			before: Number.POSITIVE_INFINITY,
			secondsFor: (segment) => secondsAnew(segment, outlook)
		};
	});
	const ahead = leasesAhead(state, crew, lease.next, others).map((other) => {
		const outlook = outlookOf(state, part, crew.speedOf(other.node), other.from);
		const inHand = isHeld(other) ? 0 : secondsInHand(other, outlook, nowMs);
		const secondsFor = (segment) => inHand + secondsAnew(segment, outlook);
		return {
			node: other.node,
			before: other.next,
			secondsFor
		};
	});
	return [...idle, ...ahead];
}
function soonestAt(helpers, segment) {
	return helpers.filter(({ before }) => segment < before).map(({ node, secondsFor }) => ({
		node,
		seconds: secondsFor(segment)
	})).reduce((best, each) => best !== null && best.seconds <= each.seconds ? best : each, null);
}
/** Leases of a stream with which some of the nodes can turn back for a segment: behind it, and the only work their nodes have. */
function leasesAhead(state, crew, segment, nodes) {
	if (state.spec.mode === "file") return [];
	const isFree = (lease) => nodes.some((node) => node.id === lease.node) && crew.busy.every((other) => other === lease || other.node !== lease.node);
	return crew.busy.filter((lease) => !lease.late && lease.next > segment && isFree(lease));
}
/**
* How fast a lease of a part goes on a node of such a speed. Where leases cannot begin in the middle, starting one costs
* the way from the session's start to its own place, too: everything before it is decoded.
*/
function outlookOf({ spec }, part, speed, from) {
	const way = part.inOnePiece?.() ? spanSeconds(spec.segmentSeconds, spec.firstSegment, from) : 0;
	return {
		segmentSeconds: lengthsOf(part, spec),
		speed,
		startSeconds: spec.policy.startCostSeconds + way / speed
	};
}
// src/session/steal.ts
/** Seconds until a lease has made everything up to its end, as far as its pace tells. */
function predictSeconds(segmentSeconds, victim) {
	if (victim.next >= victim.end) return 0;
	let seconds = victim.inHandSeconds;
	for (let segment = victim.next + 1; segment < victim.end; segment += 1) seconds += segmentSeconds(segment) / victim.speed;
	return seconds;
}
/**
* The cut after which victim and thief end together as nearly as whole segments allow, the thief having to start
* first. The segment in hand stays with the victim. Null when there is nothing to take.
*/
function balancedCut(segmentSeconds, victim, thief) {
	const uncut = predictSeconds(segmentSeconds, victim);
	let kept = uncut;
	let taken = thief.startSeconds;
	let best = null;
	for (let at = victim.end - 1; at > victim.next; at -= 1) {
		kept -= segmentSeconds(at) / victim.speed;
		taken += segmentSeconds(at) / thief.speed;
		const gainSeconds = uncut - Math.max(kept, taken);
		if (best !== null && gainSeconds <= best.gainSeconds) break;
		best = {
			at,
			gainSeconds
		};
	}
	return best;
}
// src/session/shared.ts
/**
* Gives a shared part's work to its nodes until nobody is idle or nothing is left: first holes from the first on,
* then pieces of running leases. A hole that the group has left behind does not wait for an idle node in a stream.
*/
function grantShared(state, part, nowMs) {
	const actions = [];
	for (;;) {
		const step = nextStep(state, part, nowMs);
		if (step.length === 0) return actions;
		actions.push(...step);
	}
}
function nextStep(state, part, nowMs) {
	const { spec } = state;
	const crew = crewOf(state, part, nowMs);
	const limit = creditLimit(state, part);
	const hole = firstHole(part, spec, limit);
	const node = crew.idle[0];
	if (spec.mode === "stream") {
		const rescue = findRescue(state, part, crew, nowMs);
		if (rescue && rescue.segment <= (hole?.from ?? Infinity)) return carryOut(state, part, crew, rescue, nowMs);
	}
	if (hole && node) return [grantLease(state, part, node.id, ownPiece(state, crew, hole, node, nowMs), nowMs)];
	if (hole && spec.mode === "stream") return turnBack(state, part, crew, hole, nowMs);
	const stolen = node && !hole ? steal(state, part, crew, node, {
		limit,
		nowMs
	}) : [];
	if (stolen.length > 0 || spec.mode === "stream") return stolen;
	const rescue = findRescue(state, part, crew, nowMs);
	return rescue ? carryOut(state, part, crew, rescue, nowMs) : [];
}
/**
* The late lease is cut before what another node takes over; a segment in hand stays with it all the same, and the
* first copy wins.
*/
function carryOut(state, part, crew, { lease, segment, helper }, nowMs) {
	const node = state.nodes.find(({ id }) => id === helper);
	if (!node) return [];
	const isInHand = segment === lease.next;
	lease.late = isInHand;
	const left = crew.busy.filter((other) => other.node === helper);
	const cuts = [...cutLease(lease, isInHand ? segment + 1 : segment), ...left.flatMap((other) => cutLease(other, other.next + 1))];
	const from = isInHand ? lease.short ?? segment : segment;
	const piece = ownPiece(state, crew, holeAt(part, state.spec, from), node, nowMs);
	return [...cuts, grantLease(state, part, helper, piece, nowMs, isInHand ? lease : null)];
}
/** How much of a hole a node takes. */
function ownPiece(state, crew, hole, node, nowMs) {
	const { spec } = state;
	if (spec.mode === "file") {
		const speeds = [node, ...[...crew.idle, ...crew.reserved].filter((other) => other !== node)].map(({ id }) => crew.speedOf(id) * timeForPictures(state, id));
		return {
			from: hole.from,
			to: shareEnd(spec, hole, speeds)
		};
	}
	const seconds = crew.usable.length > 1 ? ownBlockSeconds(state, crew, node.id, nowMs) : Infinity;
	return {
		from: hole.from,
		to: blockEnd(spec, hole, seconds)
	};
}
/** Blocks in proportion to speed take equal time, so that nobody waits for the slowest. */
function ownBlockSeconds(state, crew, node, nowMs) {
	const { spec, publication } = state;
	const mean = crew.usable.reduce((sum, each) => sum + crew.speedOf(each.id), 0) / crew.usable.length;
	const seconds = blockSeconds(spec, {
		leadSeconds: leadSeconds(publication, nowMs),
		publishedSeconds: publication.seconds,
		nodes: crew.usable.length
	});
	return Math.min(seconds * crew.speedOf(node) / mean, spec.policy.maxBlockSeconds);
}
/**
* A hole behind the group (a node died or failed) would hold up a player: the node that is furthest ahead turns
* back for it at once, and its own lease is cut after the segment in hand.
*/
function turnBack(state, part, crew, hole, nowMs) {
	const furthest = leasesAhead(state, crew, hole.from, crew.usable).toSorted((a, b) => b.next - a.next)[0];
	const node = crew.usable.find((usable) => usable.id === furthest?.node);
	if (!furthest || !node) return [];
	const piece = ownPiece(state, crew, hole, node, nowMs);
	return [...cutLease(furthest, furthest.next + 1), grantLease(state, part, node.id, piece, nowMs)];
}
/** Cuts the lease that is predicted to take longest, when that pays, and gives the rest to an idle node. */
function steal(state, part, crew, thief, now) {
	const { policy, segmentSeconds } = state.spec;
	const end = plannedEnd(part, state.spec);
	const longest = crew.busy.filter((lease) => !lease.late && Math.min(lease.to, end) - lease.next >= policy.stealMinSegments).map((lease) => ({
		lease,
		victim: asVictim(state, part, crew, lease, now.nowMs)
	})).map((entry) => ({
		...entry,
		seconds: predictSeconds(segmentSeconds, entry.victim)
	})).toSorted((a, b) => b.seconds - a.seconds)[0];
	if (!longest) return [];
	const { lease, victim } = longest;
	const window = stealWindow(state, crew, victim, now.nowMs);
	const cut = balancedCut(segmentSeconds, {
		...victim,
		end: window
	}, {
		speed: crew.speedOf(thief.id),
		startSeconds: policy.startCostSeconds
	});
	if (!cut || cut.gainSeconds <= leastGainSeconds(state.spec) || cut.at >= now.limit) return [];
	const piece = {
		from: cut.at,
		to: Math.min(window, cut.at + policy.maxLeaseSegments)
	};
	return [...cutLease(lease, cut.at), grantLease(state, part, thief.id, piece, now.nowMs)];
}
/** Where only the total time counts, a start that is made up for is worth it; a stream's nodes have other work. */
function leastGainSeconds({ mode, policy }) {
	return mode === "file" ? policy.startCostSeconds / 4 : policy.startCostSeconds;
}
function asVictim(state, part, crew, lease, nowMs) {
	const speed = crew.speedOf(lease.node);
	return {
		next: lease.next,
		end: Math.min(lease.to, plannedEnd(part, state.spec)),
		speed,
		inHandSeconds: secondsInHand(lease, outlookOf(state, part, speed, lease.from), nowMs)
	};
}
/**
* Up to where a victim's work is shared. In a stream a lease much longer than a block was granted to a node that
* was alone: two blocks of it are shared now, and the rest becomes a hole for whoever is idle next.
*/
function stealWindow(state, crew, victim, nowMs) {
	const { spec } = state;
	if (spec.mode === "file") return victim.end;
	const seconds = blockSeconds(spec, {
		leadSeconds: leadSeconds(state.publication, nowMs),
		publishedSeconds: state.publication.seconds,
		nodes: crew.usable.length
	});
	const { stealMinSegments } = spec.policy;
	const stop = victim.end;
	const blocks = (count, atLeast) => segmentAfter(spec.segmentSeconds, victim.next, count * seconds, {
		atLeast,
		stop
	});
	return blocks(3, 2 * stealMinSegments) < stop ? blocks(2, stealMinSegments) : stop;
}
// src/session/sticky.ts
/**
* The sound of a whole file is made long before the last picture, and a seam in it is for good: a disk or a network
* may take so many seconds longer without another lease.
*/
const filePatienceSeconds = 10;
/**
* Sound is made 25 times as fast as its pictures where that was measured (see sound-share.ts), and never as slowly as this:
* a process that stands still from its beginning would else be waited for as long as slow pictures are.
*/
const leastSoundAgainstPictures = 5;
/**
* A sticky part (sound) has one lease at a time, as long as possible, so that filters with a memory run through.
* It goes to the fastest node but the one with the first picture, which is the more urgent. One that was cut, for its
* node is withdrawn or it would be too late, finishes its last segment while the next one already begins behind it. If
* that node is lost as well, what it leaves has a lease of its own.
*/
function grantSticky(state, part, nowMs) {
	const running = [...part.leases.values()].filter((lease) => lease.next < lease.to && !lease.late);
	const rescues = running.flatMap((lease) => rescueSticky(state, part, lease, nowMs));
	const hole = firstHole(part, state.spec, creditLimit(state, part));
	if (!hole || rescues.length > 0 || running.some((lease) => !lease.cut && lease.from <= hole.from)) return rescues;
	const node = chooseNode(state, part, null, nowMs);
	if (node === null) return [];
	return [grantLease(state, part, node, longest(state, part, hole), nowMs)];
}
/** Leases all that is missing a second time when it would come too late; the first copy of the segment in hand wins. */
function rescueSticky(state, part, lease, nowMs) {
	const node = chooseNode(state, part, lease.node, nowMs);
	if (node === null || isHeld(lease) || lease.next >= creditLimit(state, part)) return [];
	const speeds = nodeSpeeds(state.nodes.map(atSound), state.paces.get(part));
	const speedOf = (id) => speeds.get(id) ?? Math.min(leastSoundAgainstPictures, ...speeds.values());
	const ownSeconds = secondsInHand(lease, outlookOf(state, part, speedOf(lease.node), lease.from), nowMs);
	if (state.spec.mode === "file" && ownSeconds < filePatienceSeconds) return [];
	if (!isTooLate(state, part, lease.next, ownSeconds, nowMs)) return [];
	const anew = outlookOf(state, part, speedOf(node), lease.next);
	if (secondsAnew(lease.next, anew) * 1.5 > ownSeconds) return [];
	lease.late = true;
	const cuts = cutLease(lease, lease.next + 1);
	const range = longest(state, part, holeAt(part, state.spec, lease.next));
	return [...cuts, grantLease(state, part, node, range, nowMs, lease)];
}
/** A node whose sound nobody has seen yet, by how fast it makes pictures. */
function atSound(node) {
	return node.speed === void 0 ? node : {
		...node,
		speed: node.speed * leastSoundAgainstPictures
	};
}
function longest({ spec }, part, hole) {
	const to = Math.max(hole.from + spec.policy.maxStickyLeaseSegments, part.leastEnd ?? 0);
	return {
		from: hole.from,
		to: Math.min(hole.to, to)
	};
}
function chooseNode(state, part, but, nowMs) {
	const speeds = speedsAt(state, state.parts[0]);
	const first = firstPictureNode(state);
	const rested = (but === null ? usableNodes(state, part, nowMs) : punctualNodes(state, part, nowMs, but)).filter(({ id }) => isRested(state, id, nowMs));
	const others = rested.filter((node) => node.id !== first);
	return (others.length > 0 ? others : rested).toSorted((a, b) => speeds.get(b.id) - speeds.get(a.id) || (a.id < b.id ? -1 : 1))[0]?.id ?? null;
}
function firstPictureNode(state) {
	return [...state.parts[0].leases.values()].toSorted((a, b) => a.next - b.next)[0]?.node ?? null;
}
// src/session/withdraw.ts
/**
* Lets go of the nodes that are not listed any more. Each of their leases, sound among them, ends with the segment in
* hand, and at once where it waits for credit, which under a throttle may be long in coming: so a withdrawn node is
* free when it has made one segment. What lies behind the cut is leased elsewhere in the same turn, before anybody
* waits for it.
*/
function releaseWithdrawn(state) {
	const listed = new Set(state.nodes.map((node) => node.id));
	return state.parts.flatMap((part) => [...part.leases.values()]).filter((lease) => !listed.has(lease.node)).flatMap((lease) => cutLease(lease, isHeld(lease) ? lease.next : lease.next + 1));
}
// src/session/session.ts
/**
* A job being carried out: a pure state machine. Every event is answered by what the head shall do, in order;
* time is what the events say it is. With no nodes it waits and does nothing; whether to fall back is the head's
* to decide.
*/
var Session = class {
	#state;
	/** Throws RangeError for a spec without parts. `past` for one that another head began, as it is at `nowMs`. */
	constructor(spec, past, nowMs) {
		this.#state = newState(spec, past, nowMs);
	}
	/** Takes an event at `nowMs` (any clock that does not go backwards). After the end every answer is empty. */
	handle(event, nowMs) {
		const state = this.#state;
		if (state.over) return [];
		if (event.type === "kill") return close(state);
		const { actions, failure } = take(state, event, nowMs);
		if (failure !== null) return [
			...actions,
			...close(state),
			{
				type: "fail",
				reason: failure
			}
		];
		return [...actions, ...react(state, nowMs)];
	}
	/**
	* Whether a segment that a node offers is wanted. To be asked before its bytes are read and once more, in the
	* same turn as the event, before they are put in the store: the world may have changed in between.
	*/
	verdict(attempt, segment) {
		const state = this.#state;
		if (state.over) return "gone";
		const found = findLease(state, attempt);
		if (!found) return "stale";
		const { part, lease } = found;
		if (segment < lease.from || segment >= lease.to) return "stale";
		return part.coverage.has(segment) ? "duplicate" : "accept";
	}
	/** What another head needs to know to go on with it. */
	memory() {
		return this.#state.parts.map(memoryOf);
	}
	view(nowMs) {
		const { parts, publication } = this.#state;
		return {
			nextSegment: publication.next,
			endSegment: partEnd(parts[0]),
			leadSeconds: leadSeconds(publication, nowMs),
			publishedSeconds: publication.seconds,
			leases: parts.flatMap((part) => [...part.leases.values()].map(({ attempt, node, from, to, next }) => ({
				attempt,
				part: part.name,
				node,
				from,
				to,
				next
			})))
		};
	}
};
/** Takes in what an event says, before anything new is decided. */
function take(state, event, nowMs) {
	const quiet = {
		actions: [],
		failure: null
	};
	switch (event.type) {
		case "nodes-changed":
			takeNodes(state, event.nodes);
			return {
				actions: releaseWithdrawn(state),
				failure: null
			};
		case "segment-arrived":
			takeSegment(state, event, nowMs);
			return quiet;
		case "lease-progress":
			takeProgress(state, event, nowMs);
			return quiet;
		case "lease-ended": {
			const found = findLease(state, event.attempt);
			if (!found) return quiet;
			return {
				actions: [],
				failure: endLease(state, found.part, found.lease, event, nowMs)
			};
		}
		case "node-lost":
			loseNode(state, event.node);
			return quiet;
		case "published":
			confirm(state.publication, event.segment, state.spec, nowMs);
			return quiet;
		case "throttle": return {
			actions: throttle(state, event.on, nowMs),
			failure: null
		};
		case "tick": return quiet;
	}
}
/** A throttle lets every encoder finish the segment in hand; the processes stay, to go on at once when it lifts. */
function throttle(state, on, nowMs) {
	if (on === (state.throttledSinceMs !== null)) return [];
	state.throttledSinceMs = on ? nowMs : null;
	if (!on || state.spec.mode === "file") return [];
	return state.parts.flatMap((part) => [...part.leases.values()]).flatMap((lease) => {
		const until = throttledCredit(lease);
		if (until === null) return [];
		lease.until = until;
		return [{
			type: "extend",
			attempt: lease.attempt,
			until
		}];
	});
}
function loseNode(state, id) {
	state.nodes = state.nodes.filter((node) => node.id !== id);
	for (const part of state.parts) for (const lease of part.leases.values()) if (lease.node === id) part.leases.delete(lease.attempt);
}
/** Decides what follows from the state as it is now. */
function react(state, nowMs) {
	const actions = [...state.parts.flatMap((part) => cancelNeedless(state, part, nowMs)), ...publishNext(state)];
	const endSegment = partEnd(state.parts[0]);
	if (endSegment !== null && !state.publication.inFlight && state.publication.next >= endSegment) return [
		...actions,
		...close(state),
		{
			type: "finish",
			endSegment
		}
	];
	if (state.throttledSinceMs !== null && !mayTrickle(state, nowMs)) return [...actions, ...cutHeld(state, nowMs)];
	return [
		...actions,
		...raiseCredits(state, nowMs),
		...grantAll(state, nowMs)
	];
}
function publishNext(state) {
	const { publication, parts, spec } = state;
	if (!isReady(publication, parts, spec)) return [];
	publication.inFlight = true;
	return [{
		type: "publish",
		segment: publication.next
	}];
}
/** A throttle that lasts releases the encoders it holds up; their work is leased again when it is over. */
function cutHeld(state, nowMs) {
	if ((nowMs - (state.throttledSinceMs ?? nowMs)) / 1e3 < state.spec.policy.throttleCutSeconds) return [];
	return state.parts.flatMap((part) => [...part.leases.values()]).filter(isHeld).flatMap((lease) => cutLease(lease, lease.next));
}
function raiseCredits(state, nowMs) {
	return state.parts.flatMap((part) => {
		const limit = creditLimit(state, part);
		return [...part.leases.values()].flatMap((lease) => {
			const until = raisedCredit(state.spec, part, lease, limit, state.publication);
			if (until === null) return [];
			if (isHeld(lease)) {
				lease.movedMs = nowMs;
				resume(lease.progress, nowMs);
			}
			lease.until = until;
			return [{
				type: "extend",
				attempt: lease.attempt,
				until
			}];
		});
	});
}
function grantAll(state, nowMs) {
	const soundFirst = (a, b) => Number(b.sticky) - Number(a.sticky);
	return (state.spec.mode === "file" ? state.parts.toSorted(soundFirst) : state.parts).flatMap((part) => isUndivided(part) ? grantSticky(state, part, nowMs) : grantShared(state, part, nowMs));
}
function close(state) {
	state.over = true;
	return state.parts.flatMap((part) => [...part.leases.values()].map((lease) => cancelLease(part, lease)));
}
// src/session/spec.ts
/**
* A process start was measured at 0.3-0.5 s of CPU; 60 s of look-ahead is the design's bound. Plex's own transcoder
* takes 10 packets a second while throttled, and a film has some 75 in a second (30 pictures, 47 frames of AAC).
*/
const defaultPolicy = {
	lookAheadSeconds: 60,
	maxBlockSeconds: 30,
	maxLeaseSegments: 600,
	maxStickyLeaseSegments: 5e3,
	overrunSegments: 30,
	stealMinSegments: 2,
	startCostSeconds: .4,
	restSeconds: .5,
	throttleCutSeconds: 60,
	throttledSpeed: 10 / 75,
	maxFailures: 3
};
/** Sound is made so many times faster than pictures (measured: 37x against 1.8x); its share is in the demand. */
const soundShare = 1 / 21;
const publishMs = 5;
/** Every other beat: it takes half the time to simulate, and a node that is not as fast as it was is known a second later. */
const tickMs = 2e3;
const audio = "audio";
/** A session of src/session, unchanged, with simulated encoders below it and a simulated viewer above. */
var PlayedSession = class {
	viewing;
	beganMs;
	player;
	nodeIds = [];
	#clock;
	#nodes;
	#events;
	#session;
	#lead = new PlayerLead();
	#nodeOf = /* @__PURE__ */ new Map();
	#jobs = /* @__PURE__ */ new Map();
	#endSegment;
	#tick = null;
	/** What the session was told last of its nodes. */
	#listed = "";
	#isOver = false;
	#isMade = false;
	constructor(viewing, askedMs, clock, nodes, events) {
		this.viewing = viewing;
		this.beganMs = clock.nowMs;
		this.#clock = clock;
		this.#nodes = nodes;
		this.#events = events;
		this.#endSegment = Math.max(1, Math.ceil(viewing.titleSeconds / 2));
		this.player = new Player(clock, viewing, askedMs, {
			throttle: (on) => this.#throttle(on),
			over: () => this.#end()
		});
		this.#session = new Session({
			parts: [{
				name: "video",
				sticky: false
			}, {
				name: audio,
				sticky: true
			}],
			firstSegment: 0,
			expectedEndSegment: this.#endSegment,
			segmentSeconds: () => 2,
			mode: "stream",
			attemptPrefix: viewing.id,
			policy: defaultPolicy
		});
		this.#tick = clock.after(tickMs, () => this.#passTime());
	}
	get watch() {
		return this.player;
	}
	setNodes(nodes, shares) {
		const listed = nodes.map((id) => {
			return {
				id,
				cores: 1,
				speed: this.#nodes.get(id).capacity / this.viewing.demand,
				share: shares.get(id) ?? 1
			};
		});
		const known = listed.map(({ id, share }) => `${id} ${share}`).join();
		if (known === this.#listed) return;
		this.#listed = known;
		this.nodeIds = nodes;
		this.#tell({
			type: "nodes-changed",
			nodes: listed
		});
	}
	nodeLost(node) {
		this.nodeIds = this.nodeIds.filter((id) => id !== node);
		this.#listed = null;
		this.#tell({
			type: "node-lost",
			node
		});
	}
	leadSeconds() {
		return this.#lead.seconds(this.#clock.nowMs);
	}
	isResting() {
		return this.#isMade || this.#lead.isPaused(this.#clock.nowMs);
	}
	#throttle(on) {
		if (this.#isOver) return;
		const { nowMs } = this.#clock;
		const wasResting = this.isResting();
		this.#lead.throttled(on, nowMs);
		this.#tell({
			type: "throttle",
			on
		});
		if (on) this.#clock.after(40001, () => this.isResting() && this.#events.changed());
		else if (wasResting) this.#events.changed();
	}
	#passTime() {
		if (this.#isOver) return;
		let hasToldTime = false;
		for (const [attempt, { node, part }] of this.#nodeOf) {
			if (part === audio) continue;
			const madeSeconds = this.#nodes.get(node).encoder.madeSeconds(attempt, 2);
			if (madeSeconds <= 0) continue;
			this.#tell({
				type: "lease-progress",
				attempt,
				madeSeconds
			});
			hasToldTime = true;
		}
		if (!hasToldTime) this.#tell({ type: "tick" });
		this.#tick = this.#clock.after(tickMs, () => this.#passTime());
	}
	#tell(event) {
		if (this.#isOver) return;
		for (const action of this.#session.handle(event, this.#clock.nowMs)) this.#carryOut(action);
	}
	#carryOut(action) {
		switch (action.type) {
			case "publish":
				this.#clock.after(publishMs, () => this.#published(action.segment));
				return;
			case "finish":
				this.#isMade = true;
				this.#events.changed();
				return;
			case "fail": throw new Error(`session ${this.viewing.id} failed: ${action.reason}`);
			default: {
				if (action.type === "grant") this.#nodeOf.set(action.attempt, {
					node: action.node,
					part: action.part
				});
				const granted = this.#nodeOf.get(action.attempt);
				if (!granted) return;
				if (action.type === "cancel") this.#nodeOf.delete(action.attempt);
				this.#nodes.get(granted.node).encoder.order(action, this.#jobOn(granted.node));
			}
		}
	}
	#published(segment) {
		if (this.#isOver) return;
		const isFirst = this.player.startSeconds === null;
		const seconds = Math.min(2, this.viewing.titleSeconds - segment * 2);
		this.#lead.published(seconds, this.#clock.nowMs);
		this.#tell({
			type: "published",
			segment
		});
		this.player.published(seconds);
		if (isFirst) this.#events.changed();
	}
	#jobOn(node) {
		const known = this.#jobs.get(node);
		if (known) return known;
		const speed = this.#nodes.get(node).capacity / this.viewing.demand;
		const job = {
			workSeconds: (part) => 2 / speed * (part === audio ? soundShare : .9523809523809523),
			endSegment: this.#endSegment,
			offer: (attempt, segment, short) => {
				const verdict = this.#isOver ? "gone" : this.#session.verdict(attempt, segment);
				if (verdict === "accept" || verdict === "duplicate") this.#tell({
					type: "segment-arrived",
					attempt,
					segment,
					...short && { short }
				});
				return verdict;
			},
			report: (event) => {
				if (event.type === "lease-ended") this.#nodeOf.delete(event.attempt);
				this.#tell(event);
			}
		};
		this.#jobs.set(node, job);
		return job;
	}
	#end() {
		if (this.#isOver) return;
		this.#tell({ type: "kill" });
		this.#isOver = true;
		this.#tick?.cancel();
		this.#events.ended(this);
	}
};
// src/simulate/fluid-session.ts
/** What starting ffmpeg takes, and what orders and a segment take on their way. */
const startSeconds = .43;
const almost = 1e-6;
/** Just beyond where placement begins to think differently of a stream that falls behind, so that it does when asked there. */
const leadMarks = [
	50,
	19.99,
	11.99,
	7.99
];
/** A session whose source flows: nothing is cut into segments but the first. */
var FluidSession = class {
	viewing;
	beganMs;
	watch;
	nodeIds = [];
	/** Seconds of source a second. */
	rate = 0;
	/** Seconds of source that are there and not yet watched. */
	inHandSeconds = 0;
	isOver = false;
	/** The server has throttled, and not yet asked for more. */
	isFull = false;
	#clock;
	#askedMs;
	#onNodes;
	#watched = 0;
	#settledMs;
	/** When the encoder that makes the first segment has started; null while nobody makes it. */
	#encodesMs = null;
	#pauses = 0;
	#pausedMs = null;
	#resumesMs = 0;
	#isDry = false;
	constructor(viewing, clock, askedMs, onNodes) {
		this.viewing = viewing;
		this.beganMs = clock.nowMs;
		this.#clock = clock;
		this.#askedMs = askedMs;
		this.#settledMs = clock.nowMs;
		this.#onNodes = onNodes;
		this.watch = {
			startSeconds: null,
			stalls: 0,
			stalledSeconds: 0
		};
	}
	setNodes(nodes) {
		if (nodes.length === this.nodeIds.length && nodes.every((id, index) => id === this.nodeIds[index])) return;
		this.nodeIds = nodes;
		this.#onNodes();
	}
	nodeLost(node) {
		this.setNodes(this.nodeIds.filter((id) => id !== node));
	}
	leadSeconds() {
		if (this.watch.startSeconds === null) return 0;
		const seconds = (this.#clock.nowMs - this.#settledMs) / 1e3;
		return Math.max(0, this.inHandSeconds + seconds * (this.rate - (this.#plays ? 1 : 0)));
	}
	isResting() {
		if (this.isMade) return true;
		return this.#pausedMs !== null && this.isFull && this.#settledMs - this.#pausedMs >= 4e4;
	}
	/** All of the title is there. */
	get isMade() {
		return this.#watched + this.inHandSeconds >= this.viewing.titleSeconds - almost;
	}
	/** Between which of the marks it is. */
	get leadMark() {
		return leadMarks.findIndex((mark) => this.inHandSeconds > mark + almost);
	}
	/** Has begun to be made: its encoder runs. */
	isEncoding(nowMs) {
		return this.#encodesMs !== null && nowMs >= this.#encodesMs - almost;
	}
	/** Work a second that keeps it as it is; null while it takes all that it can get. */
	get steadyDemand() {
		if (this.isMade) return 0;
		return this.isFull ? this.#plays ? this.viewing.demand : 0 : null;
	}
	get #plays() {
		return this.watch.startSeconds !== null && this.#pausedMs === null;
	}
	/** Lets time pass with the rate as it was. */
	settle(nowMs) {
		const seconds = (nowMs - this.#settledMs) / 1e3;
		this.#settledMs = nowMs;
		if (this.#encodesMs === null && this.nodeIds.length > 0) this.#encodesMs = nowMs + startSeconds * 1e3;
		if (seconds > 0) this.#flow(seconds);
		this.#turn(nowMs);
	}
	#flow(seconds) {
		const made = Math.min(this.rate * seconds, this.viewing.titleSeconds - this.#watched - this.inHandSeconds);
		const wanted = this.#plays ? Math.min(seconds, this.#stopAt() - this.#watched) : 0;
		const played = Math.min(wanted, this.inHandSeconds + made);
		this.#watched += played;
		this.inHandSeconds = Math.max(0, this.inHandSeconds + made - played);
		if (this.inHandSeconds >= 59.999999) this.isFull = true;
		else if (this.inHandSeconds <= 50.000001) this.isFull = false;
		const dry = wanted - played;
		if (dry > .001) {
			if (!this.#isDry) this.watch.stalls += 1;
			this.watch.stalledSeconds += dry;
		}
		this.#isDry = dry > .001;
	}
	/** What is due by now: a first segment, a pause that begins or ends, the end. */
	#turn(nowMs) {
		if (this.watch.startSeconds === null && this.inHandSeconds >= this.#firstSeconds - almost) this.watch.startSeconds = (nowMs - this.#askedMs) / 1e3;
		if (this.#pausedMs !== null && nowMs >= this.#resumesMs) this.#pausedMs = null;
		if (!this.#plays || this.#watched < this.#stopAt() - almost) return;
		const pause = this.viewing.pauses[this.#pauses];
		if (pause === void 0 || pause.afterSeconds >= this.viewing.watchSeconds) {
			this.isOver = true;
			return;
		}
		this.#pauses += 1;
		this.#pausedMs = nowMs;
		this.#resumesMs = nowMs + pause.seconds * 1e3;
	}
	/** Seconds until something changes by itself. */
	nextSeconds(nowMs) {
		const waits = [Number.POSITIVE_INFINITY];
		if (this.#encodesMs !== null && nowMs < this.#encodesMs) waits.push((this.#encodesMs - nowMs) / 1e3);
		if (this.watch.startSeconds === null) {
			if (this.rate > 0) waits.push((this.#firstSeconds - this.inHandSeconds) / this.rate);
			return Math.max(0, Math.min(...waits));
		}
		if (this.#pausedMs !== null) {
			waits.push((this.#resumesMs - nowMs) / 1e3);
			if (this.isFull && !this.isResting()) waits.push(40 - (nowMs - this.#pausedMs) / 1e3);
		} else waits.push(this.#stopAt() - this.#watched);
		const grows = this.rate - (this.#plays ? 1 : 0);
		if (grows > almost && !this.isFull) waits.push((60 - this.inHandSeconds) / grows);
		if (grows < -1e-6 && this.inHandSeconds > almost) waits.push(this.inHandSeconds / -grows);
		const mark = leadMarks.find((each) => each < this.inHandSeconds - almost);
		if (grows < -1e-6 && mark !== void 0) waits.push((this.inHandSeconds - mark) / -grows);
		const left = this.viewing.titleSeconds - this.#watched - this.inHandSeconds;
		if (this.rate > 0 && left > almost) waits.push(left / this.rate);
		return Math.max(0, Math.min(...waits));
	}
	get #firstSeconds() {
		return Math.min(2, this.viewing.titleSeconds);
	}
	#stopAt() {
		return Math.min(this.viewing.pauses[this.#pauses]?.afterSeconds ?? Number.POSITIVE_INFINITY, this.viewing.watchSeconds);
	}
};
// src/simulate/fluid-stage.ts
/** Something has changed a moment ago; never again and again at the same moment. */
const leastWaitMs = .1;
/**
* The coarse grain: sessions flow. A node divides itself evenly among those that work on it; who has all that it
* needs takes no more than keeps it so. No segments, seams or encoder starts but the first; everything above (admission,
* placement, the power policy) is the same as in the fine grain, of which it takes a hundredth of the time.
*/
var FluidStage = class {
	#clock;
	#events;
	#nodes;
	#sessions = /* @__PURE__ */ new Set();
	#next = null;
	#isDue = false;
	constructor(nodes, clock, events) {
		this.#clock = clock;
		this.#events = events;
		this.#nodes = new Map(nodes.map(({ id, capacity }) => [id, {
			capacity,
			isUp: true,
			sessions: 0,
			share: 0
		}]));
	}
	begin(viewing, askedMs) {
		const session = new FluidSession(viewing, this.#clock, askedMs, () => this.#change());
		this.#sessions.add(session);
		return session;
	}
	nodeUp(node) {
		this.#nodes.get(node).isUp = true;
		this.#change();
	}
	nodeDown(node) {
		this.#nodes.get(node).isUp = false;
		this.#change();
	}
	leasesOn(node) {
		return this.#nodes.get(node).sessions;
	}
	/** Everything that happens at a moment is reckoned with once. */
	#change() {
		if (this.#isDue) return;
		this.#isDue = true;
		this.#clock.after(0, () => {
			this.#isDue = false;
			this.#reckon();
		});
	}
	#reckon() {
		this.#next?.cancel();
		const { nowMs } = this.#clock;
		let hasChanged = false;
		for (const session of this.#sessions) {
			const before = marks(session);
			session.settle(nowMs);
			hasChanged ||= before !== marks(session);
			if (!session.isOver) continue;
			this.#sessions.delete(session);
			this.#events.ended(session);
		}
		this.#flow(nowMs);
		if (hasChanged) this.#events.changed();
		let seconds = Number.POSITIVE_INFINITY;
		for (const session of this.#sessions) seconds = Math.min(seconds, session.nextSeconds(nowMs));
		if (seconds === Number.POSITIVE_INFINITY) return;
		this.#next = this.#clock.after(Math.max(leastWaitMs, seconds * 1e3), () => this.#reckon());
	}
	/** How much each node gives to each session: an even share to each that wants so much, and to none more than it wants. */
	#flow(nowMs) {
		const wishes = new Map([...this.#nodes].map(([id]) => [id, []]));
		for (const session of this.#sessions) {
			session.rate = 0;
			const nodes = session.nodeIds.filter((id) => this.#nodes.get(id).isUp);
			const capacity = nodes.reduce((total, id) => total + this.#nodes.get(id).capacity, 0);
			const demand = session.isEncoding(nowMs) ? session.steadyDemand : 0;
			for (const id of nodes) {
				const work = demand === null ? Number.POSITIVE_INFINITY : demand * this.#nodes.get(id).capacity / capacity;
				wishes.get(id).push({
					session,
					work
				});
			}
		}
		for (const [id, wanted] of wishes) {
			let left = this.#nodes.get(id).capacity;
			const modestFirst = wanted.sort((a, b) => a.work - b.work);
			for (const [index, { session, work }] of modestFirst.entries()) {
				const given = Math.min(work, left / (modestFirst.length - index));
				session.rate += given / session.viewing.demand;
				left -= given;
			}
			this.#tell(id, wanted.length, 1 - Math.max(0, left) / this.#nodes.get(id).capacity);
		}
	}
	#tell(id, sessions, share) {
		const node = this.#nodes.get(id);
		if (node.sessions === sessions && node.share === share) return;
		node.sessions = sessions;
		node.share = share;
		this.#events.nodeBusy(id, sessions, share);
	}
};
const marks = (session) => `${session.watch.startSeconds !== null} ${session.isResting()} ${session.isFull} ${session.leadMark}`;
// src/simulate/encoder-node.ts
/** What starting ffmpeg costs (0.3-0.5 s of CPU, measured), and what an order and a segment take on the way. */
const startMs = 400;
const orderMs = 5;
const deliveryMs = 20;
/** A node's agent and its encoders, without the encoding: leases are obeyed as the real agent does. */
var EncoderNode = class {
	id;
	#clock;
	#onChange;
	#processes = /* @__PURE__ */ new Map();
	#settledMs = 0;
	#next = null;
	#isUp = true;
	constructor(id, clock, onChange) {
		this.id = id;
		this.#clock = clock;
		this.#onChange = onChange;
	}
	get leases() {
		return this.#processes.size;
	}
	/** Its power goes: everything on it is gone. */
	cutOff() {
		this.#isUp = false;
		this.#processes.clear();
		this.#next?.cancel();
	}
	comeUp() {
		this.#isUp = true;
		this.#settledMs = this.#clock.nowMs;
	}
	/** An order is on its way. */
	order(action, job) {
		this.#clock.after(orderMs, () => {
			if (this.#isUp) this.#obey(action, job);
		});
	}
	/** Seconds of source that an attempt has made, as its beats tell. */
	madeSeconds(attempt, segmentSeconds) {
		const process = this.#processes.get(attempt);
		if (!process) return 0;
		this.#settle();
		const { from, making, leftSeconds, job, part } = process;
		const share = leftSeconds === null ? 0 : 1 - leftSeconds / job.workSeconds(part, making);
		return (making - from + Math.max(0, share)) * segmentSeconds;
	}
	#obey(action, job) {
		if (action.type === "grant") {
			const { attempt, part, from, to, until } = action;
			const process = {
				attempt,
				part,
				job,
				from,
				to,
				until,
				making: from,
				delivered: from,
				leftSeconds: null,
				inFlight: 0,
				isCut: false,
				outcome: null
			};
			this.#processes.set(attempt, process);
			this.#tell();
			this.#clock.after(startMs, () => {
				if (this.#processes.get(attempt) === process) this.#goOn(process);
			});
			return;
		}
		const process = this.#processes.get(action.attempt);
		if (!process) return;
		if (action.type === "cancel") {
			this.#settle();
			this.#processes.delete(action.attempt);
			this.#plan();
		} else if (action.type === "cut") {
			process.to = Math.min(process.to, action.at);
			process.isCut = true;
			if (process.making >= process.to && process.outcome === null) this.#end(process, "stopped");
		} else {
			const waits = process.leftSeconds === null && process.making > process.from;
			process.until = action.until;
			if (waits && process.outcome === null) this.#goOn(process);
		}
	}
	#goOn(process) {
		if (process.outcome !== null || process.leftSeconds !== null) return;
		const { making, to, until, job, isCut, part } = process;
		if (making >= to || making >= job.endSegment) {
			this.#end(process, isCut && making >= to ? "stopped" : "clean");
			return;
		}
		if (making < until) {
			this.#settle();
			process.leftSeconds = job.workSeconds(part, making);
		}
		this.#plan();
	}
	#working() {
		return [...this.#processes.values()].filter(({ leftSeconds }) => leftSeconds !== null);
	}
	/** Its processes share the node evenly. */
	#settle() {
		const working = this.#working();
		const seconds = (this.#clock.nowMs - this.#settledMs) / 1e3 / Math.max(1, working.length);
		for (const process of working) process.leftSeconds = process.leftSeconds - seconds;
		this.#settledMs = this.#clock.nowMs;
	}
	#plan() {
		this.#next?.cancel();
		const working = this.#working();
		this.#tell();
		if (working.length === 0) return;
		const least = Math.max(0, Math.min(...working.map(({ leftSeconds }) => leftSeconds)));
		this.#next = this.#clock.after(least * working.length * 1e3, () => {
			this.#settle();
			for (const process of working) if (process.leftSeconds < 1e-6) this.#finish(process);
			this.#plan();
		});
	}
	#finish(process) {
		const segment = process.making;
		process.leftSeconds = null;
		process.making = segment + 1;
		process.inFlight += 1;
		this.#clock.after(deliveryMs, () => this.#deliver(process, segment));
		this.#goOn(process);
	}
	#deliver(process, segment) {
		const { attempt, job } = process;
		process.inFlight -= 1;
		if (!this.#isUp) return;
		const verdict = job.offer(attempt, segment, segment === job.endSegment - 1);
		if (verdict === "accept" || verdict === "duplicate") process.delivered = Math.max(process.delivered, segment + 1);
		else if (process.outcome === null && this.#processes.get(attempt) === process) this.#end(process, "stopped");
		this.#reportWhenDelivered(process);
	}
	#end(process, outcome) {
		this.#settle();
		process.outcome = outcome;
		process.leftSeconds = null;
		this.#plan();
		this.#reportWhenDelivered(process);
	}
	#reportWhenDelivered(process) {
		const { attempt, outcome, inFlight, delivered, job } = process;
		if (outcome === null || inFlight > 0 || this.#processes.get(attempt) !== process) return;
		this.#processes.delete(attempt);
		this.#tell();
		this.#clock.after(orderMs, () => job.report({
			type: "lease-ended",
			attempt,
			outcome,
			next: delivered
		}));
	}
	#tell() {
		this.#onChange(this.#processes.size, this.#working().length > 0);
	}
};
// src/simulate/played-stage.ts
/** The fine grain: every segment is leased, made, offered and published. */
var PlayedStage = class {
	#clock;
	#events;
	#nodes;
	constructor(nodes, clock, events) {
		this.#clock = clock;
		this.#events = events;
		this.#nodes = new Map(nodes.map(({ id, capacity }) => {
			const tell = (leases, isBusy) => events.nodeBusy(id, leases, Number(isBusy));
			return [id, {
				encoder: new EncoderNode(id, clock, tell),
				capacity
			}];
		}));
	}
	begin(viewing, askedMs) {
		return new PlayedSession(viewing, askedMs, this.#clock, this.#nodes, this.#events);
	}
	nodeUp(node) {
		this.#nodes.get(node).encoder.comeUp();
	}
	nodeDown(node) {
		this.#nodes.get(node).encoder.cutOff();
	}
	leasesOn(node) {
		return this.#nodes.get(node).encoder.leases;
	}
};
/** A large node carries as many as it has room for, one of them in part: it has another node besides. */
function mostOn({ capacity = 0 }, { demand }) {
	return Math.max(4, demand === void 0 ? 0 : Math.ceil(capacity / demand));
}
// src/placement/table.ts
/** Whether a node can work for a session at all, and may. */
function fits$1({ platforms, trusts }, node) {
	return node.platforms.some((platform) => platforms.includes(platform) && (trusts?.(node.id, platform) ?? true));
}
/** Who has which nodes, while it is being worked out. Both ways round: a hundred sessions may have a hundred nodes. */
var Table = class {
	/** Fastest first. */
	nodes;
	sessions;
	#held;
	#on;
	/** Places in `nodes`. */
	#rank;
	#hadNone;
	constructor(sessions, nodes) {
		this.sessions = sessions;
		this.nodes = nodes.toSorted((a, b) => (b.speed ?? 0) - (a.speed ?? 0) || compare(a.id, b.id));
		this.#rank = new Map(this.nodes.map((node, index) => [node, index]));
		this.#held = new Map(sessions.map((session) => [session, /* @__PURE__ */ new Set()]));
		this.#on = new Map(nodes.map((node) => [node, /* @__PURE__ */ new Set()]));
		const byId = new Map(nodes.map((node) => [node.id, node]));
		for (const session of sessions) for (const id of session.nodes) {
			const node = byId.get(id);
			if (node && fits$1(session, node)) this.add(session, node);
		}
		this.#hadNone = new Set(sessions.filter((session) => this.countOf(session) === 0));
	}
	/** Whether a session comes without any of these nodes. */
	hadNone(session) {
		return this.#hadNone.has(session);
	}
	byNeed() {
		return this.sessions.toSorted((a, b) => Math.min(1, this.countOf(a)) - Math.min(1, this.countOf(b)) || compare(a.leadSeconds, b.leadSeconds) || compare(a.id, b.id));
	}
	byWealth() {
		return this.byNeed().toSorted((a, b) => this.countOf(b) - this.countOf(a));
	}
	/** Nodes that can work for a session, fastest first. */
	fitting(session) {
		return this.nodes.filter((node) => fits$1(session, node));
	}
	countOf(session) {
		return this.#held.get(session).size;
	}
	has(session, node) {
		return this.#held.get(session).has(node);
	}
	/** What a session has, in no order. */
	heldBy(session) {
		return this.#held.get(session);
	}
	/** Who has a node, in no order. */
	on(node) {
		return this.#on.get(node);
	}
	/** How many sessions have a node. */
	sharing(node) {
		return this.#on.get(node).size;
	}
	hasSlot(node) {
		return this.sharing(node) < (node.slots ?? 1);
	}
	add(session, node) {
		this.#held.get(session).add(node);
		this.#on.get(node).add(session);
	}
	remove(session, node) {
		this.#held.get(session).delete(node);
		this.#on.get(node).delete(session);
	}
	move(from, to, node) {
		this.remove(from, node);
		this.add(to, node);
	}
	/** What a session has, fastest first. */
	sortedHeldBy(session) {
		return [...this.heldBy(session)].sort((a, b) => this.#rank.get(a) - this.#rank.get(b));
	}
	placement() {
		return new Map(this.sessions.map((session) => [session.id, this.sortedHeldBy(session).map((node) => node.id)]));
	}
};
function compare(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}
/** Who has so much more in hand than another pays for it, so that leads become alike before anybody has none. */
const unequalSeconds = 2;
/** Who has so much can give for long before it needs anything back. */
const plentyLeadSeconds = 40;
/** Each costs up to a millisecond with a hundred streams on a hundred nodes, and it is all done again in a second. */
const mostTurns = 8;
/** Hardly more than real time: what admission keeps free beyond that makes up for nodes that cannot be cut to size. */
const needMargin = 1.05;
/**
* Streams that fall behind get more, the one with the smallest lead first: while it has something in hand from those who
* have plenty, and when it has little from all who are comfortable. It is given what disturbs least of what is enough, and
* else what is most: a seat beside others that have enough even then; a node that its owner does not need; one that is
* handed over by a stream which makes no more until its own lead is small enough. Where there is nothing of that, one with
* another node leaves what both share.
* Nothing is taken back while leads are what they are, so that nodes do not go back and forth.
*/
function rescue(table) {
	goOnWithout(table);
	helpAll(table, 8, (donor) => isComfortable(table, donor));
	helpAll(table, 16, (donor) => donor.leadSeconds > plentyLeadSeconds);
	for (const session of table.sessions.filter((each) => isComfortable(table, each))) for (const node of table.sortedHeldBy(session)) if (isCrowded(table, node) && isDispensable(table, session, node)) table.remove(session, node);
}
/** What helps one may harm another: after so many turns it is as good as it gets. */
function helpAll(table, belowSeconds, mayGive) {
	const beyondHelp = /* @__PURE__ */ new Set();
	const needsHelp = (session) => session.leadSeconds < belowSeconds && share(table, session) < need(session) && !beyondHelp.has(session);
	for (let turn = 0; turn < mostTurns; turn += 1) {
		const next = first(table, needsHelp);
		if (!next) return;
		const gift = bestGift(table, next, mayGive);
		if (gift) give(table, next, gift);
		else if (belowSeconds > 8 || !yielded(table, next)) beyondHelp.add(next);
	}
}
function give(table, session, { node, donor }) {
	if (donor) table.remove(donor, node);
	table.add(session, node);
}
function bestGift(table, session, mayGive) {
	const missing = need(session) - share(table, session);
	let best = null;
	for (const node of table.nodes) {
		if (!fits$1(session, node)) continue;
		for (const gift of giftsOn(table, session, node, mayGive)) if (!best || isBetter(gift, best, missing)) best = gift;
	}
	return best;
}
function isBetter(a, b, missing) {
	const [aSuffices, bSuffices] = [a.gain >= missing, b.gain >= missing];
	if (aSuffices !== bSuffices) return aSuffices;
	if (aSuffices && a.disturbs !== b.disturbs) return a.disturbs < b.disturbs;
	return a.gain > b.gain || a.gain === b.gain && a.disturbs < b.disturbs;
}
function giftsOn(table, session, node, mayGive) {
	const capacity = node.capacity ?? 1;
	const count = table.sharing(node);
	const isHere = table.has(session, node);
	const gifts = [];
	if (!isHere && count < mostOn(node, session) && hasRoom(table, node, session, mayGive)) gifts.push({
		node,
		donor: null,
		gain: capacity / (count + 1),
		disturbs: 0
	});
	const gain = isHere ? capacity / (count - 1) - capacity / count : capacity / count;
	for (const donor of table.on(node)) {
		if (donor === session) continue;
		const isSpare = isDispensable(table, donor, node);
		if (!isSpare && !mayGive(donor)) continue;
		const disturbs = isSpare ? 0 : table.countOf(donor) > 1 ? 1 : 2;
		gifts.push({
			node,
			donor,
			gain,
			disturbs
		});
	}
	return gifts;
}
/** Who did without a node while others needed it goes on so until its lead is small enough. */
function goOnWithout(table) {
	for (const session of table.sessions.filter((each) => isParked(table, each))) for (const node of table.sortedHeldBy(session)) if (isCrowded(table, node)) table.remove(session, node);
}
const isCrowded = (table, node) => table.sharing(node) > (node.slots ?? 1);
/** Whether a session has enough without this node. */
function isDispensable(table, session, node) {
	return table.countOf(session) > 1 && share(table, session) - part$1(table, node) >= need(session);
}
/** Whether all who are there have enough even then, or a larger lead. */
function hasRoom(table, node, newcomer, mayGive) {
	const without = part$1(table, node) - (node.capacity ?? 1) / (table.sharing(node) + 1);
	for (const session of table.on(node)) {
		if (mayGive(session)) continue;
		if (session.leadSeconds <= 0 && newcomer.leadSeconds > 0) return false;
		if (newcomer.leadSeconds < 8 && session.leadSeconds > newcomer.leadSeconds + unequalSeconds) continue;
		const isBelow = session.leadSeconds < Math.min(8, newcomer.leadSeconds);
		if (share(table, session) - without < need(session) * (isBelow ? 2 : 1)) return false;
	}
	return true;
}
/** Somebody with another node, and more of all he has than this one gets, leaves one that both share. */
function yielded(table, endangered) {
	const poverty = (session) => share(table, session) / need(session);
	for (const node of table.sortedHeldBy(endangered)) {
		const richer = table.sessions.find((each) => each !== endangered && table.has(each, node) && table.countOf(each) > 1 && (share(table, each) - part$1(table, node)) / need(each) > poverty(endangered));
		if (!richer) continue;
		table.remove(richer, node);
		return true;
	}
	return false;
}
/**
* The nodes that streams leave to whole files: what nobody has, what a comfortable stream does not need, and what has room
* for one more beside streams that are all comfortable. While a viewer waits nobody gives anything.
*/
function leaveOver(table) {
	for (const session of table.sessions.filter(isContent$1)) for (const node of table.sortedHeldBy(session).toReversed()) if (isDispensable(table, session, node)) table.remove(session, node);
	return table.nodes.filter((node) => {
		const each = (node.capacity ?? 0) / (table.sharing(node) + 1);
		return [...table.on(node)].every((session) => isContent$1(session) && each >= need(session));
	});
}
/** What a session gets of its nodes when all who share them are busy. */
function share(table, session) {
	let total = 0;
	for (const node of table.heldBy(session)) total += part$1(table, node);
	return total;
}
/** What each of those who share a node gets of it. */
function part$1(table, node) {
	return (node.capacity ?? 1) / Math.max(1, table.sharing(node));
}
const need = ({ demand = 1 }) => demand * needMargin;
const isParked = (table, session) => table.hadNone(session) && session.leadSeconds > 12;
const isComfortable = (table, session) => session.leadSeconds > 20 || isParked(table, session);
const isContent$1 = ({ leadSeconds }) => leadSeconds > 12;
function first(table, is) {
	return table.sessions.filter(is).toSorted((a, b) => a.leadSeconds - b.leadSeconds || (a.id < b.id ? -1 : 1))[0];
}
// src/placement/unchanged.ts
/**
* What streams have already, where place() would leave it at that: it is asked every second, and most of the time nothing
* has to change. It takes a look at what each has; the whole of place() compares everybody with everybody. Null where
* something may have to change.
*/
function unchanged(sessions, nodes) {
	const held = new Map(nodes.map((node) => [node.id, {
		node,
		sharing: 0
	}]));
	const having = sessions.map((session) => {
		const own = [];
		for (const id of session.nodes) {
			const one = held.get(id);
			if (one && !own.includes(one) && fits$1(session, one.node)) own.push(one);
		}
		for (const one of own) one.sharing += 1;
		return own;
	});
	for (const { node, sharing } of held.values()) if (sharing < (node.slots ?? 1)) return null;
	const hasRich = having.some(({ length }) => length >= 2);
	if (!sessions.every((session, index) => isContent(session, having[index], hasRich))) return null;
	return new Map(sessions.map(({ id }, index) => [id, having[index].sort(fastestFirst).map(({ node }) => node.id)]));
}
function isContent({ leadSeconds, demand = 1 }, own, hasRich) {
	if (own.length === 0) return leadSeconds > 12 && !hasRich;
	const need = demand * needMargin;
	const mayFall = leadSeconds < 16;
	const mayGive = leadSeconds > 20 && own.length > 1;
	if (!mayFall && !mayGive) return true;
	let share = 0;
	for (const one of own) share += part(one);
	if (mayFall) return share >= need;
	return own.every((one) => one.sharing <= (one.node.slots ?? 1) || share - part(one) < need);
}
const part = ({ node, sharing }) => (node.capacity ?? 1) / sharing;
const fastestFirst = (a, b) => (b.node.speed ?? 0) - (a.node.speed ?? 0) || (a.node.id < b.node.id ? -1 : 1);
// src/placement/place.ts
/** Who has more in hand than a first segment takes can wait until somebody else has his. */
const waitingLeadSeconds = 3;
/**
* Shares nodes out to sessions. What they have stays with them as far as that is fair, so calling it again without
* a change changes nothing. A session without any node comes first, then the one with the smallest lead.
*
* 1. A session without a node takes an idle one, else one of the session that has most, else a seat on the node
*    with the fewest sessions; not beside somebody who waits for a first segment, if it can wait itself.
* 2. Idle nodes go to whoever has fewest.
* 3. A node moves from one session to another that has at least two fewer.
* 4. A node with more sessions than slots is left by those that have others.
*
* Where it is known what the sessions need, it is these instead of 3 and 4:
*
* 5. A stream that falls behind, with little lead, gets what one with a comfortable lead has: see rescue.
* 6. Whole files, for which no viewer waits, get what the streams do not need: see leaveOver.
*
* A node that is taken away is no longer listed; the session then cuts its lease there after the segment in hand.
* Sound follows the picture's nodes and takes no slot.
*
* First responders are left out of all that: sessions for which there is no other node share them, a slot each, and give
* them up as soon as there is one.
*/
function place(sessions, nodes) {
	const workers = nodes.filter((node) => !node.firstResponder);
	const placement = sessions.every(({ demand }) => demand !== void 0) ? byNeed(sessions, workers) : shareOut(sessions, workers);
	bridge(sessions.filter((session) => !workers.some((node) => fits$1(session, node))), nodes.filter((node) => node.firstResponder), placement);
	return placement;
}
function byNeed(sessions, nodes) {
	const [streams, files] = [sessions.filter(isStream), sessions.filter((session) => !isStream(session))];
	return (files.length === 0 ? unchanged(streams, nodes) : null) ?? weighed(streams, files, nodes);
}
/** As it comes out when everybody is compared with everybody. */
function weighed(streams, files, nodes) {
	const table = new Table(streams, nodes);
	seatAll(table);
	shareIdle(table);
	rescue(table);
	if (files.length === 0) return table.placement();
	const free = leaveOver(table);
	return new Map([...table.placement(), ...shareOut(files, free)]);
}
function shareOut(sessions, nodes) {
	const table = new Table(sessions, nodes);
	settle(table);
	return table.placement();
}
function seatAll(table) {
	for (const session of table.byNeed()) if (table.countOf(session) === 0) seat(table, session);
}
function settle(table) {
	seatAll(table);
	shareIdle(table);
	level(table);
	unshare(table);
}
const isStream = ({ leadSeconds }) => leadSeconds !== Number.POSITIVE_INFINITY;
/** Who has a slot keeps it, and then who has the smallest lead. */
function bridge(sessions, responders, placement) {
	for (const node of responders) {
		const hasIt = (session) => Number(session.nodes.includes(node.id));
		const waiting = sessions.filter((session) => placement.get(session.id)?.length === 0 && fits$1(session, node)).toSorted((a, b) => hasIt(b) - hasIt(a) || a.leadSeconds - b.leadSeconds || (a.id < b.id ? -1 : 1));
		for (const { id } of waiting.slice(0, node.slots ?? 1)) placement.set(id, [node.id]);
	}
}
function seat(table, session) {
	const fitting = table.fitting(session);
	const idle = fitting.find((node) => table.hasSlot(node));
	if (idle) {
		table.add(session, idle);
		return;
	}
	const donors = table.byWealth().filter((donor) => table.countOf(donor) >= 2);
	for (const donor of donors) {
		const node = fitting.findLast((each) => table.has(donor, each));
		if (node) {
			table.move(donor, session, node);
			return;
		}
	}
	const canWait = session.leadSeconds > waitingLeadSeconds;
	const shared = fitting.filter((node) => table.sharing(node) < mostOn(node, session) && !(canWait && hasBeginner(table, node))).toSorted((a, b) => shareOn(table, b) - shareOn(table, a))[0];
	if (shared) table.add(session, shared);
}
/** Somebody there has nothing yet: alone a first segment is made twice as fast, and is there in a second or two. */
function hasBeginner(table, node) {
	for (const { leadSeconds } of table.on(node)) if (leadSeconds <= 0) return true;
	return false;
}
/** What one more session would get of a node. */
function shareOn(table, node) {
	return (node.capacity ?? 1) / (table.sharing(node) + 1);
}
function shareIdle(table) {
	for (const node of table.nodes) while (table.hasSlot(node)) {
		const poorest = table.byNeed().filter((session) => fits$1(session, node) && !table.has(session, node)).toSorted((a, b) => table.countOf(a) - table.countOf(b))[0];
		if (!poorest) break;
		table.add(poorest, node);
	}
}
function level(table) {
	for (;;) {
		const move = nextMove(table);
		if (!move) return;
		table.move(move.from, move.to, move.node);
	}
}
function nextMove(table) {
	const richFirst = table.byWealth();
	for (const to of richFirst.toReversed()) for (const from of richFirst) {
		if (table.countOf(from) < table.countOf(to) + 2) break;
		const node = table.fitting(to).findLast((each) => table.has(from, each) && !table.has(to, each));
		if (node) return {
			from,
			to,
			node
		};
	}
}
function unshare(table) {
	for (const node of table.nodes) while (table.sharing(node) > (node.slots ?? 1)) {
		const leaving = table.byWealth().find((each) => table.has(each, node) && table.countOf(each) >= 2);
		if (!leaving) break;
		table.remove(leaving, node);
	}
}
// src/placement/power/admissible.ts
/**
* The nodes that could carry streams if they were asked to, awake or not: what admission counts on. Under a cap only as
* many as may be busy at once, those that do most for a watt first.
*/
function admissibleNodes(view, rules) {
	const { weekMinute } = view;
	let left = (rules.totalCapWatts ?? Number.POSITIVE_INFINITY) - rules.floorWatts;
	const able = view.nodes.filter((node) => node.phase !== "failed" && !holdsFor(rules.maintenance, node, weekMinute)).filter((node) => node.phase !== "off" || !holdsFor(rules.quiet, node, weekMinute)).map(({ id, platforms, capacity, profile, capWatts }) => {
		const within = withinCap$1(profile, capacity, capWatts);
		const mostWatts = Math.max(within.profile.busyWatts, profile.wakeWatts);
		return {
			id,
			platforms,
			capacity: within.capacity,
			mostWatts,
			offWatts: profile.offWatts
		};
	}).toSorted((a, b) => b.capacity / b.mostWatts - a.capacity / a.mostWatts || (a.id < b.id ? -1 : 1));
	for (const { offWatts } of able) left -= offWatts;
	return able.flatMap(({ platforms, capacity, mostWatts, offWatts }) => {
		if (mostWatts - offWatts > left) return [];
		left -= mostWatts - offWatts;
		return [{
			platforms,
			capacity
		}];
	});
}
// src/placement/power/arrival-forecast.ts
const hoursPerWeek = 168;
const weekMs = hoursPerWeek * 36e5;
/** Each week counts four fifths of the one after it: habits change. */
const weeklyWeight = .8;
/**
* How many viewers begin in each hour of the week, from what was seen. Before a week has passed nothing is foretold:
* what has not been seen counts as nobody, so that a forecast never keeps a node awake for want of knowledge.
*/
var ArrivalForecast = class {
	#counts = new Float64Array(hoursPerWeek);
	#startMs;
	#weeks = 0;
	/** What was seen by a clock that was ahead is as old as can be, which is this week. */
	constructor(nowMs, past) {
		this.#weeks = past?.weeks ?? 0;
		this.#startMs = Math.min(past?.startMs ?? nowMs, nowMs - this.#weeks * weekMs);
		for (const [hour, count] of (past?.counts ?? []).slice(0, hoursPerWeek).entries()) this.#counts[hour] = count;
	}
	memory() {
		return {
			startMs: this.#startMs,
			weeks: this.#weeks,
			counts: [...this.#counts]
		};
	}
	/** `weekMinute`: minutes since Sunday, 00:00, local time. */
	arrived(nowMs, weekMinute) {
		this.#age(nowMs);
		const hour = Math.floor(weekMinute / 60) % hoursPerWeek;
		this.#counts[hour] = this.#counts[hour] + 1;
	}
	/** Viewers an hour to be expected in the hour that begins now: what is left of this one and the beginning of the next. */
	perHour(nowMs, weekMinute) {
		this.#age(nowMs);
		if (this.#weeks === 0) return 0;
		const hour = Math.floor(weekMinute / 60) % hoursPerWeek;
		const passed = weekMinute % 60 / 60;
		return ((1 - passed) * this.#counts[hour] + passed * this.#counts[(hour + 1) % hoursPerWeek]) / weightOf(this.#weeks);
	}
	#age(nowMs) {
		const weeks = Math.floor((nowMs - this.#startMs) / weekMs);
		if (weeks <= this.#weeks) return;
		const weight = weeklyWeight ** (weeks - this.#weeks);
		this.#weeks = weeks;
		for (let hour = 0; hour < hoursPerWeek; hour += 1) this.#counts[hour] = this.#counts[hour] * weight;
	}
};
/** Sum of the weights of so many past weeks. */
const weightOf = (weeks) => weeklyWeight * (1 - weeklyWeight ** weeks) / .19999999999999996;
// src/placement/power/bridge.ts
/** Kept in hand while a node is on its way, for seams and for one that comes late. */
const safetySeconds = 8;
/** While somebody has nothing yet, those that have so much wait: it is more than a first segment takes, and less than one is. */
const yieldSeconds = 1.6;
/** After a start on the first responder so much is in hand when a node takes over. */
const startedSeconds = 8;
/** A node that is overdue may come at any moment, and also not. */
const leastComingSeconds = 5;
/** A start that has not come so far by then does not get any further on the first responder. */
const longestStartSeconds = 30;
/** Until a node that wakes is there, those that play on nodes may be brought down to so much. */
const lentLeadSeconds = 20;
/** A start that takes longer than that is none: it falls behind. */
const mostStartSeconds = 4;
/** At this speed a first segment of two seconds is there within the promised 1.5, an encoder's start included. */
const startSpeed = 2;
/**
* The streams that the first responder makes now:
*
* - those for which no awake node is there, and whose player would run dry before one has woken;
* - starts for which no awake node is free that is fast enough to begin in time, where it is faster than those that are;
* - those with little in hand while the awake nodes cannot carry all and another wakes;
* - those that have begun on it while the awake nodes have enough to do without them, until the next one has woken; they
*   have not while what the others have in hand lasts until then.
*
* While somebody has nothing yet, others with something in hand wait for it. Where nodes are awake, it goes on with no more
* than it can make in real time.
*/
function bridgedOf(view, working, before) {
	const { responder, nodes } = view;
	if (!responder) return [];
	const wanted = new Set(working);
	const awake = nodes.filter((node) => wanted.has(node.id));
	const waking = nodes.filter(({ phase }) => phase === "waking");
	const coming = nodes.filter(({ phase }) => phase === "waking" || phase === "going-to-sleep");
	const playing = view.sessions.filter((session) => !session.isResting);
	const onNodes = playing.filter(({ id }) => !before.has(id));
	const lent = onNodes.reduce((sum, { leadSeconds, demand }) => sum + Math.max(0, leadSeconds - lentLeadSeconds) * demand, 0);
	let carried = onNodes.reduce((sum, { demand }) => sum + demand, 0);
	return chosen(playing.filter((session) => {
		const { id, demand, leadSeconds } = session;
		if (!(before.has(id) || session.ageSeconds === 0 || leadSeconds < startedSeconds || awake.length === 0) && awake.some((node) => fits(session, node))) return false;
		if (!fits(session, responder)) return false;
		const able = awake.filter((node) => fits(session, node));
		const bridgeSeconds = secondsToBridge(waking, session);
		if (able.length === 0) return leadSeconds < bridgeSeconds;
		if (leadSeconds >= startedSeconds) {
			if (!before.has(id) || leadSeconds >= bridgeSeconds || !isComing(coming, session)) return false;
			if ((carried + demand - sumOf(able)) * bridgeSeconds > lent) return true;
			carried += demand;
			return false;
		}
		const canGain = demand < responder.capacity;
		const isGaining = canGain && session.ageSeconds < longestStartSeconds;
		const needed = carried + (before.has(id) ? demand : 0);
		return canGain && isComing(coming, session) && needed > sumOf(able) || before.has(id) && isGaining || session.ageSeconds === 0 && startsBetterOn(responder, session, able);
	}), responder, before, awake);
}
/** Whether leads, which change by themselves, may soon change who is bridged. */
function isBridgingInFlux(view, bridged) {
	const { responder, sessions, nodes } = view;
	if (!responder) return false;
	const awake = nodes.filter(isAwake$2);
	const waking = nodes.filter(({ phase }) => phase === "waking");
	return sessions.some((session) => {
		if (session.isResting || !fits(session, responder)) return false;
		const isHere = awake.some((node) => fits(session, node));
		if (!bridged.has(session.id)) return !isHere;
		return isHere || isComing(waking, session) || session.leadSeconds < yieldSeconds;
	});
}
function chosen(bridged, { slots, capacity }, before, awake) {
	const now = bridged.some(({ leadSeconds }) => leadSeconds <= 0) ? bridged.filter(({ leadSeconds }) => leadSeconds < yieldSeconds) : bridged;
	let left = capacity;
	return now.toSorted((a, b) => Number(before.has(b.id)) - Number(before.has(a.id)) || a.leadSeconds - b.leadSeconds).slice(0, slots).filter((session) => {
		if (isStarting(session)) return true;
		left -= session.demand;
		return left >= 0 || !awake.some((node) => fits(session, node));
	}).map(({ id }) => id);
}
const isStarting = ({ leadSeconds, ageSeconds }) => leadSeconds <= 0 && ageSeconds < mostStartSeconds;
const sumOf = (nodes) => nodes.reduce((sum, { capacity }) => sum + capacity, 0);
function startsBetterOn(responder, { demand }, able) {
	const free = able.filter(({ phase }) => phase === "ready").map(({ capacity }) => capacity / demand);
	const best = Math.max(0, ...free);
	return best < startSpeed && best < responder.capacity / demand;
}
/** Until the first of those that wake is there; for ever while none is on its way. */
function secondsToBridge(waking, session) {
	const coming = waking.filter((node) => fits(session, node)).map(({ comingSeconds = leastComingSeconds }) => Math.max(comingSeconds, leastComingSeconds));
	return Math.min(...coming, Number.POSITIVE_INFINITY) + safetySeconds;
}
const isComing = (waking, session) => waking.some((node) => fits(session, node));
const isAwake$2 = ({ phase }) => phase === "ready" || phase === "busy";
function fits(session, node) {
	return node.platforms.some((platform) => session.platforms.includes(platform));
}
// src/placement/power/candidates.ts
/** Thirty-one kinds of demand have a bit each; what comes after shares the last one. */
const mostGroups = 31;
/**
* The first responder goes on with streams by itself only while a quarter of it is left: to begin with another it has all
* of it for a second, in which the others live on what they have in hand, and then until a node has woken.
*/
const carriedShare = 3 / 4;
/** Streams that need somebody, put together by the platforms that can serve them; those with least choice first. */
function groupsOf({ sessions, nodes, responder }, margin) {
	const byPlatforms = /* @__PURE__ */ new Map();
	for (const { platforms, demand, isResting } of sessions) {
		if (isResting) continue;
		const key = keyOf(platforms, byPlatforms);
		const group = byPlatforms.get(key) ?? {
			platforms,
			demand: 0
		};
		group.demand += demand * margin;
		byPlatforms.set(key, group);
	}
	const playing = sessions.filter(({ isResting }) => !isResting);
	const whole = playing.reduce((total, { demand }) => total + demand * margin, 0);
	const mayCarry = responder !== null && whole <= responder.capacity * carriedShare && playing.length <= Math.max(1, responder.slots * carriedShare);
	const choices = (platforms) => nodes.filter((node) => canServe(node, platforms)).length;
	return [...byPlatforms.values()].toSorted((a, b) => choices(a.platforms) - choices(b.platforms)).map(({ platforms, demand }, index) => ({
		platforms,
		demand,
		bit: 1 << index,
		responder: mayCarry && canServe(responder, platforms) ? {
			capacity: responder.capacity,
			joulesPerWork: responder.addedWatts / responder.capacity
		} : null
	}));
}
/** `warm`: nodes that are awake anyway, so that their idling costs nothing more. */
function candidatesOf(nodes, groups, budget, warm) {
	const bits = /* @__PURE__ */ new Map();
	return nodes.map((node) => {
		const { profile, capacity } = withinCap$1(node.profile, node.capacity, node.capWatts);
		const fits = bits.get(node.platforms) ?? bitsOf(node, groups);
		bits.set(node.platforms, fits);
		return {
			id: node.id,
			capacity,
			idleWatts: warm.has(node.id) ? 0 : Math.max(0, profile.idleWatts - profile.offWatts),
			joulesPerWork: joulesPerWork(profile, capacity),
			wakeJoules: isUp(node) ? 0 : cycleJoules(profile),
			mostWatts: budget.addedBusy(node),
			fits
		};
	});
}
function bitsOf(node, groups) {
	return groups.reduce((bits, { bit, platforms }) => bits | (canServe(node, platforms) ? bit : 0), 0);
}
/** It is awake, or on its way to be, so that no boot has to be paid for it any more. */
const isUp = ({ phase }) => phase === "ready" || phase === "busy" || phase === "waking" || phase === "draining";
function keyOf(platforms, known) {
	const key = platforms.join(" ");
	return known.has(key) || known.size < mostGroups ? key : [...known.keys()].at(-1);
}
function canServe(node, platforms) {
	return node.platforms.some((platform) => platforms.includes(platform));
}
// src/placement/power/cap-budget.ts
/**
* Counts at the worst: a node that works may draw all that it can at any moment, a boot more than that, one that was told
* to stop still finishes a segment, and the first responder counts while
* it makes something or a stream has nobody else.
*/
function budgetOf(view, rules, isBridging) {
	const addedBusy = (node) => Math.max(0, mostWatts(node) - presentWatts(node));
	const addedIdle = (node) => Math.max(0, mostIdleWatts(node) - presentWatts(node));
	if (rules.totalCapWatts === null) return unlimited;
	const responderWatts = view.responder && (isBridging || isAlone(view)) ? view.responder.addedWatts : 0;
	const used = view.nodes.reduce((total, node) => total + presentWatts(node), rules.floorWatts);
	return {
		leftWatts: rules.totalCapWatts - used - responderWatts,
		addedBusy,
		addedIdle,
		countsResponder: responderWatts > 0
	};
}
const unlimited = {
	leftWatts: Number.POSITIVE_INFINITY,
	countsResponder: true,
	addedBusy: () => 0,
	addedIdle: () => 0
};
/** What a node may draw without a further decision. */
function presentWatts(node) {
	const { profile } = node;
	switch (node.phase) {
		case "off": return profile.offWatts;
		case "failed": return Math.max(profile.offWatts, profile.idleWatts, profile.wakeWatts);
		case "waking": return Math.max(profile.wakeWatts, mostIdleWatts(node));
		case "busy":
		case "draining": return busyWatts(node);
		case "ready":
		case "going-to-sleep": return Math.max(profile.idleWatts, profile.sleepWatts);
	}
}
function mostIdleWatts({ phase, profile }) {
	const boots = phase === "off" || phase === "failed" || phase === "waking" || phase === "going-to-sleep";
	return Math.max(profile.idleWatts, profile.sleepWatts, boots ? profile.wakeWatts : 0);
}
const mostWatts = (node) => Math.max(mostIdleWatts(node), busyWatts(node));
function busyWatts({ profile, capacity, capWatts }) {
	return withinCap$1(profile, capacity, capWatts).profile.busyWatts;
}
/** A stream has nobody but the first responder. */
function isAlone({ nodes, sessions }) {
	return sessions.some(({ platforms, isResting }) => !isResting && !nodes.some((node) => (node.phase === "ready" || node.phase === "busy") && node.platforms.some((platform) => platforms.includes(platform))));
}
// src/placement/power/idle-time.ts
/**
* How long a node that nobody needs stays awake: as long as idling costs less than a boot (see breakEvenSeconds), and for
* ever while so many viewers are expected that the next one comes sooner than that pays. `bridgeJoules`: what the first
* responder needs besides, each time, until it has woken.
*/
function idleSeconds(profile, arrivalsPerHour, bridgeJoules) {
	const savedWatts = profile.idleWatts - profile.offWatts;
	return arrivalsPerHour / 3600 * (cycleJoules(profile) + bridgeJoules) > savedWatts ? Number.POSITIVE_INFINITY : breakEvenSeconds(profile);
}
// src/placement/power/wanted-set.ts
/** A core's work that nobody carries costs as much as so many watts: more than any board, so that streams come first. */
const unmetWatts = 1e4;
/** So many sets of kinds are all compared; above that it is a search. */
const mostSets = 256;
/** Changes that gain less than this are not worth a seam. */
const leastGainJoules = 20;
const mostRounds = 200;
/**
* The set of nodes that carries the demand with the least energy over the horizon, idling and waking included. It begins
* with the present set and adds, drops or exchanges one node at a time as long as that gains something: so it changes
* nothing without a reason, and for boards of one kind it ends at the best there is.
*/
function wantedSet(options) {
	const ordered = options.candidates.toSorted((a, b) => a.joulesPerWork - b.joulesPerWork || a.wakeJoules - b.wakeJoules || (a.id < b.id ? -1 : 1));
	const set = descend(withinCap(ordered.filter(({ id }) => options.present.has(id)), options.capWatts), ordered, options);
	const best = bestOfKinds(ordered, options);
	if (best) return cost(best, options) < cost(set, options) - leastGainJoules ? best : set;
	if (!options.groups.some(({ responder }) => responder)) return set;
	const alone = options.groups.map((group) => ({
		...group,
		responder: null
	}));
	const other = descend(descend(set, ordered, {
		...options,
		groups: alone
	}), ordered, options);
	return cost(other, options) < cost(set, options) - leastGainJoules ? other : set;
}
/**
* The best of all sets where there are few enough of them, which finds what takes more than one step: two small nodes in the
* place of a large one. Of nodes that are alike only their number counts, and more than carry the demand are no use. Null
* where there are too many.
*/
function bestOfKinds(ordered, options) {
	const demand = options.groups.reduce((total, group) => total + group.demand, 0);
	const kinds = [];
	for (const candidate of ordered) {
		const kind = kinds.find(([first]) => isLike(first, candidate));
		if (!kind) kinds.push([candidate]);
		else if (kind.length * candidate.capacity < demand) kind.push(candidate);
	}
	let sets = 1;
	for (const { length } of kinds) sets *= length + 1;
	if (sets > mostSets) return null;
	let best = [];
	let least = Number.POSITIVE_INFINITY;
	for (let index = 0; index < sets; index += 1) {
		let rest = index;
		const set = kinds.flatMap((kind) => {
			const count = rest % (kind.length + 1);
			rest = (rest - count) / (kind.length + 1);
			return kind.slice(0, count);
		});
		if (mostWattsOf(set) > options.capWatts) continue;
		const joules = cost(set, options);
		if (joules < least) [best, least] = [set, joules];
	}
	return best;
}
function descend(from, ordered, options) {
	let set = [...from];
	let joules = cost(set, options);
	for (let round = 0; round < mostRounds; round += 1) {
		const best = bestMove(set, ordered, options);
		if (!best || best.joules > joules - leastGainJoules) return set;
		set = best.set;
		joules = best.joules;
	}
	return set;
}
function bestMove(set, ordered, options) {
	const inside = new Set(set);
	const outside = unlike(ordered.filter((each) => !inside.has(each)));
	const drops = unlike(set).map((gone) => set.filter((each) => each !== gone));
	let best = null;
	for (const base of [set, ...drops]) {
		const left = options.capWatts - mostWattsOf(base);
		if (base !== set) best = better(best, base, options);
		for (const added of outside) {
			if (added.mostWatts > left) continue;
			best = better(best, insert(base, added), options);
		}
	}
	return best;
}
function better(best, set, options) {
	const joules = cost(set, options);
	return best && best.joules <= joules ? best : {
		set: [...set],
		joules
	};
}
function cost(set, { groups, horizonSeconds }) {
	const { watts, unmet } = leastWatts(groups, set);
	let joules = (watts + unmet * unmetWatts) * horizonSeconds;
	for (const { wakeJoules } of set) joules += wakeJoules;
	return joules;
}
/** One of each kind that is the same in all numbers: others of it would do just as well. */
function unlike(candidates) {
	const kinds = [];
	for (const candidate of candidates) if (!kinds.some((kind) => isLike(kind, candidate))) kinds.push(candidate);
	return kinds;
}
const isLike = (a, b) => a.capacity === b.capacity && a.idleWatts === b.idleWatts && a.joulesPerWork === b.joulesPerWork && a.wakeJoules === b.wakeJoules && a.mostWatts === b.mostWatts && a.fits === b.fits;
function insert(set, added) {
	const at = set.findIndex((each) => each.joulesPerWork > added.joulesPerWork);
	return at === -1 ? [...set, added] : [
		...set.slice(0, at),
		added,
		...set.slice(at)
	];
}
function withinCap(set, capWatts) {
	let left = capWatts;
	return set.filter(({ mostWatts }) => {
		if (mostWatts > left) return false;
		left -= mostWatts;
		return true;
	});
}
const mostWattsOf = (set) => set.reduce((total, { mostWatts }) => total + mostWatts, 0);
// src/placement/power/kept-set.ts
/** How long the demand goes on is a guess: it is the same guess until it has changed by a fifth. */
const horizonStep = 1.2;
/** Less is rounding. */
const sameDemand = 1e-6;
/**
* The wanted set, searched for only when something has changed that it depends on: most of what happens (leads that grow
* and shrink) has nothing to do with it.
*/
var KeptSet = class {
	#last = null;
	#set = [];
	find(options) {
		if (!this.#last || !isSame(this.#last, options)) {
			this.#set = wantedSet(options);
			this.#last = options;
		}
		return this.#set;
	}
};
function isSame(a, b) {
	const horizon = a.horizonSeconds / b.horizonSeconds;
	return horizon < horizonStep && horizon > 1 / horizonStep && a.capWatts === b.capWatts && a.groups.length === b.groups.length && a.candidates.length === b.candidates.length && a.groups.every((group, index) => isSameGroup(group, b.groups[index])) && a.candidates.every((candidate, index) => isSameCandidate(candidate, b.candidates[index]));
}
const isSameGroup = (a, b) => a.bit === b.bit && Math.abs(a.demand - b.demand) < sameDemand && a.responder === null === (b.responder === null);
const isSameCandidate = (a, b) => a.id === b.id && a.capacity === b.capacity && a.idleWatts === b.idleWatts && a.joulesPerWork === b.joulesPerWork && a.wakeJoules === b.wakeJoules && a.mostWatts === b.mostWatts && a.fits === b.fits;
// src/placement/power/session-lengths.ts
/** What is thought of a house in which nothing has been seen: an episode or half a film. */
const priorSeconds = 2400;
/** It weighs as much as so many sessions. */
const priorWeight = 3;
const mostKept = 200;
/** How long sessions go on, from those that have ended: what it takes to know whether waking a node pays. */
var SessionLengths = class {
	#lengths;
	/** Ascending, and the sums from each of them to the longest. */
	#sorted = null;
	#sums = /* @__PURE__ */ new Float64Array(0);
	#oldest = 0;
	constructor(past = []) {
		this.#lengths = past.slice(-200);
	}
	/** Those that it knows, to be kept while nobody looks. */
	memory() {
		return [...this.#lengths];
	}
	ended(seconds) {
		this.#sorted = null;
		if (this.#lengths.length < mostKept) this.#lengths.push(seconds);
		else {
			this.#lengths[this.#oldest] = seconds;
			this.#oldest = (this.#oldest + 1) % mostKept;
		}
	}
	/** Seconds for which one that has run for `ageSeconds` may be expected to go on, at the mean. */
	expectedRest(ageSeconds) {
		const sorted = this.#sort();
		let from = 0;
		let to = sorted.length;
		while (from < to) {
			const middle = from + to >> 1;
			if (sorted[middle] <= ageSeconds) from = middle + 1;
			else to = middle;
		}
		const longer = sorted.length - from;
		const rest = this.#sums[from] - longer * ageSeconds;
		return (priorSeconds * priorWeight + rest) / (priorWeight + longer);
	}
	#sort() {
		if (this.#sorted) return this.#sorted;
		const sorted = Float64Array.from(this.#lengths).sort();
		const sums = new Float64Array(sorted.length + 1);
		for (let index = sorted.length - 1; index >= 0; index -= 1) sums[index] = sums[index + 1] + sorted[index];
		this.#sorted = sorted;
		this.#sums = sums;
		return sorted;
	}
};
// src/placement/power/strain.ts
/** A stream that has played for a while and has no more in hand is not carried, whatever was reckoned, */
const strainedBelowSeconds = 10;
const settledAfterSeconds = 30;
/** until it has so much. */
const relievedAboveSeconds = 40;
/** It counts for so much more: nodes that are shared cannot be cut to size, and measured speeds are means. */
const strainFactor = 1.35;
/** Streams that fall behind though enough is awake by reckoning: they are reckoned with as harder than they are. */
var Strain = class {
	#strained = /* @__PURE__ */ new Set();
	/** The same sessions with what they really seem to need. */
	felt(sessions) {
		const present = new Set(sessions.map(({ id }) => id));
		for (const id of this.#strained) if (!present.has(id)) this.#strained.delete(id);
		for (const { id, leadSeconds, ageSeconds, isResting } of sessions) if (isResting || leadSeconds > relievedAboveSeconds) this.#strained.delete(id);
		else if (leadSeconds < strainedBelowSeconds && ageSeconds > settledAfterSeconds) this.#strained.add(id);
		if (this.#strained.size === 0) return sessions;
		return sessions.map((session) => this.#strained.has(session.id) ? {
			...session,
			demand: session.demand * strainFactor
		} : session);
	}
};
// src/placement/power/warm-set.ts
/** A boot is made up for over so long: the hours in which nodes are kept warm are hours. */
const paybackSeconds = 3600;
/**
* Who is kept awake though nobody needs it: those that work count first, then those that idle with the fewest watts,
* where one that is awake already has the advantage of a boot. Nodes that would break the cap are left out.
*/
function warmSet(nodes, count, leftWatts) {
	const price = ({ idleWatts, isAwake, wakeJoules }) => idleWatts + (isAwake ? 0 : wakeJoules / paybackSeconds);
	const byPrice = nodes.toSorted((a, b) => Number(b.isWanted) - Number(a.isWanted) || price(a) - price(b) || (a.id < b.id ? -1 : 1));
	const kept = [];
	let left = leftWatts;
	for (const { id, isWanted, addedWatts } of byPrice) {
		if (kept.length >= count) break;
		if (!isWanted && addedWatts > left) continue;
		if (!isWanted) left -= addedWatts;
		kept.push(id);
	}
	return kept;
}
// src/placement/power/power-policy.ts
/** A node that is needed no more goes on for so long: somebody may have begun on it a moment ago, and needs may come back. */
const staysWorkingMs = 3e3;
/** Streams that have just begun are weighed again as they go on. */
const leastHorizonSeconds = 60;
const lookAgainMs = {
	atHours: 6e4,
	onResponder: 3e4,
	whileBridging: 1e3,
	whilePlaying: 6e5,
	whileExpecting: 6e5
};
/**
* Who is awake: the nodes that carry what plays with the least energy, those that have to be warm, and for a while those
* that somebody may need again. It remembers how long sessions last, when they begin, and since when nobody has needed a
* node; all else is in the view. It never looks ahead: what it expects it has seen before.
*/
var PowerPolicy = class {
	#rules;
	#lengths;
	#forecast;
	#strain = new Strain();
	#kept = new KeptSet();
	/** Since when nobody has needed an awake node. */
	#unneeded = /* @__PURE__ */ new Map();
	/** Until when a node that has worked goes on with it, though nobody needs it. */
	#leaving = /* @__PURE__ */ new Map();
	#working = [];
	#wanted = /* @__PURE__ */ new Set();
	#bridged = /* @__PURE__ */ new Set();
	constructor(rules = usualRules, nowMs = 0, past) {
		this.#rules = rules;
		this.#forecast = new ArrivalForecast(nowMs, past?.forecast);
		this.#lengths = new SessionLengths(past?.lengths);
	}
	memory() {
		return {
			forecast: this.#forecast.memory(),
			lengths: this.#lengths.memory()
		};
	}
	/** A viewer has begun. */
	sessionBegan(nowMs, weekMinute) {
		this.#forecast.arrived(nowMs, weekMinute);
	}
	sessionEnded(seconds) {
		this.#lengths.ended(seconds);
	}
	/** To be asked whenever something has changed, and at `nextLookMs`. */
	decide(seen, nowMs) {
		const view = {
			...seen,
			sessions: this.#strain.felt(seen.sessions)
		};
		const { nodes, weekMinute } = view;
		const usable = nodes.filter((node) => !holdsFor(this.#rules.maintenance, node, weekMinute));
		const groups = groupsOf(view, this.#rules.margin);
		const budget = budgetOf(view, this.#rules, this.#bridged.size > 0);
		const free = usable.filter((node) => isUp(node) || this.#mayWake(node, view, nowMs));
		const candidates = candidatesOf(free, groups, budget, new Set(this.#warm(free, view, budget, this.#wanted)));
		const set = this.#kept.find({
			groups,
			candidates,
			present: this.#wanted,
			capWatts: budget.leftWatts,
			horizonSeconds: this.#horizonSeconds(view)
		});
		const wanted = new Set(set.map(({ id }) => id));
		this.#wanted = wanted;
		const left = set.reduce((rest, { mostWatts }) => rest - mostWatts, budget.leftWatts);
		const warm = new Set(this.#warm(free, view, {
			...budget,
			leftWatts: left
		}, wanted));
		const { working: now, leftWatts } = workingOf(usable, wanted, groups, candidates, left - free.filter(({ id }) => warm.has(id) && !wanted.has(id)).reduce((total, node) => total + budget.addedIdle(node), 0));
		const working = groups.length > 0 ? this.#withLeaving(now, usable, nowMs) : now;
		this.#working = working;
		const needed = /* @__PURE__ */ new Set([
			...wanted,
			...warm,
			...working
		]);
		const bridge = budget.countsResponder || leftWatts >= (view.responder?.addedWatts ?? 0) ? bridgedOf(view, working, this.#bridged) : [];
		this.#bridged = new Set(bridge);
		const wake = free.filter(({ id, phase }) => (wanted.has(id) || warm.has(id)) && !isOn(phase));
		const sleep = this.#sleepers(usable, needed, view, nowMs);
		return {
			working,
			bridge,
			wake: wake.map(({ id }) => id),
			sleep: sleep.map(({ id }) => id),
			nextLookMs: this.#nextLookMs(view, groups, set, nowMs)
		};
	}
	#withLeaving(working, usable, nowMs) {
		const kept = new Set(working);
		for (const id of kept) this.#leaving.delete(id);
		const awake = new Set(usable.filter(isAwake$1).map(({ id }) => id));
		for (const id of this.#working) if (!kept.has(id) && !this.#leaving.has(id)) this.#leaving.set(id, nowMs + staysWorkingMs);
		for (const [id, untilMs] of this.#leaving) if (!awake.has(id) || untilMs <= nowMs) this.#leaving.delete(id);
		return this.#leaving.size === 0 ? working : [...working, ...this.#leaving.keys()];
	}
	#mayWake(node, { weekMinute }, nowMs) {
		const { phase, sinceMs } = node;
		if (phase === "failed" || holdsFor(this.#rules.quiet, node, weekMinute)) return false;
		return phase !== "off" || nowMs - sinceMs >= this.#rules.minOffSeconds * 1e3;
	}
	#warm(free, { weekMinute, responder }, budget, wanted) {
		const count = Math.max(warmWanted(this.#rules, weekMinute), responder ? 0 : this.#rules.startSet);
		if (count === 0) return [];
		return warmSet(free.map((node) => ({
			id: node.id,
			idleWatts: node.profile.idleWatts,
			isAwake: isUp(node),
			isWanted: wanted.has(node.id),
			wakeJoules: cycleJoules(node.profile),
			addedWatts: budget.addedIdle(node)
		})), count, budget.leftWatts);
	}
	/** How long what plays may be expected to go on, at the mean. */
	#horizonSeconds({ sessions }) {
		const playing = sessions.filter(({ isResting }) => !isResting);
		if (playing.length === 0) return leastHorizonSeconds;
		const total = playing.reduce((sum, { ageSeconds }) => sum + this.#lengths.expectedRest(ageSeconds), 0);
		return Math.max(leastHorizonSeconds, total / playing.length);
	}
	#sleepers(usable, needed, view, nowMs) {
		const spare = usable.filter(({ id, phase }) => isOn(phase) && phase !== "waking" && !needed.has(id));
		const kept = new Set(spare.map(({ id }) => id));
		for (const id of this.#unneeded.keys()) if (!kept.has(id)) this.#unneeded.delete(id);
		for (const id of kept) if (!this.#unneeded.has(id)) this.#unneeded.set(id, nowMs);
		return spare.toSorted((a, b) => a.profile.idleWatts - b.profile.idleWatts).filter((node, index) => nowMs >= this.#sleepAtMs(node, index === 0, view, nowMs));
	}
	/** When a node that nobody needs may sleep. Only the first of them is what the next viewer would find. */
	#sleepAtMs(node, isFirst, view, nowMs) {
		const { id, profile, sinceMs } = node;
		const { weekMinute, responder } = view;
		const isQuiet = holdsFor(this.#rules.quiet, node, weekMinute);
		const perHour = isFirst ? this.#forecast.perHour(nowMs, weekMinute) : 0;
		const bridgeJoules = (responder?.addedWatts ?? 0) * profile.wakeSeconds;
		const idle = isQuiet ? 0 : idleSeconds(profile, perHour, bridgeJoules);
		const unneededMs = this.#unneeded.get(id) ?? nowMs;
		return Math.max(unneededMs + idle * 1e3, sinceMs + this.#rules.minOnSeconds * 1e3);
	}
	#nextLookMs(view, groups, set, nowMs) {
		const times = [];
		const spare = view.nodes.filter(({ id }) => this.#unneeded.has(id));
		for (const [index, node] of spare.toSorted((a, b) => a.profile.idleWatts - b.profile.idleWatts).entries()) {
			const atMs = this.#sleepAtMs(node, index === 0, view, nowMs);
			if (atMs !== Number.POSITIVE_INFINITY) times.push(atMs);
			else if (this.#forecast.perHour(nowMs, view.weekMinute) > 0) times.push(nowMs + lookAgainMs.whileExpecting);
		}
		if (groups.length > 0) times.push(...this.#leaving.values());
		if (hasHours(this.#rules)) times.push(nowMs + lookAgainMs.atHours);
		if (groups.length > 0) {
			const isCarried = groups.every(({ bit }) => set.some(({ fits }) => (fits & bit) !== 0));
			times.push(nowMs + (isCarried ? lookAgainMs.whilePlaying : lookAgainMs.onResponder));
		}
		if (isBridgingInFlux(view, this.#bridged)) times.push(nowMs + lookAgainMs.whileBridging);
		const later = times.filter((atMs) => atMs > nowMs);
		return later.length > 0 ? Math.min(...later) : null;
	}
};
const isAwake$1 = ({ phase }) => phase === "ready" || phase === "busy";
const isOn = (phase) => phase === "ready" || phase === "busy" || phase === "waking";
/**
* Who is given work: the wanted ones that are awake, and where they do not suffice yet, whoever else is awake, so that
* nothing waits for a boot.
*/
function workingOf(usable, wanted, groups, candidates, budgetWatts) {
	let leftWatts = budgetWatts;
	const awake = new Set(usable.filter(isAwake$1).map(({ id }) => id));
	const here = candidates.filter(({ id }) => awake.has(id)).toSorted((a, b) => a.joulesPerWork - b.joulesPerWork || (a.id < b.id ? -1 : 1));
	const set = here.filter(({ id }) => wanted.has(id));
	const isHere = (bit) => set.some(({ fits }) => (fits & bit) !== 0);
	const isComing = (bit) => candidates.some(({ id, fits }) => wanted.has(id) && (fits & bit) !== 0);
	for (const other of here) {
		const { unmet } = leastWatts(groups, set);
		if (unmet === 0 && groups.every(({ bit }) => isHere(bit) || !isComing(bit))) break;
		const helps = groups.some(({ bit }) => (other.fits & bit) !== 0);
		if (wanted.has(other.id) || !helps || other.mostWatts > leftWatts) continue;
		leftWatts -= other.mostWatts;
		set.push(other);
	}
	return {
		working: set.map(({ id }) => id),
		leftWatts
	};
}
// src/placement/shares.ts
/**
* By node: what each of its sessions gets of it while all of them are busy; 1 where it has no more than slots. The first
* responder's slots are what it may take on, not what it does at full speed.
*/
function sharesOf(placement, nodes) {
	const sessions = /* @__PURE__ */ new Map();
	for (const ids of placement.values()) for (const id of ids) sessions.set(id, (sessions.get(id) ?? 0) + 1);
	return new Map(nodes.map(({ id, slots = 1, firstResponder = false }) => [id, Math.min(1, (firstResponder ? 1 : slots) / (sessions.get(id) ?? 1))]));
}
// src/simulate/energy-account.ts
/** Watts of everything at a time, and the most that they were. */
var WattsTotal = class {
	watts;
	peak;
	constructor(watts) {
		this.watts = watts;
		this.peak = watts;
	}
	add(watts) {
		this.watts += watts;
		this.peak = Math.max(this.peak, this.watts);
	}
};
/** Joules of one machine whose watts change from time to time. */
var EnergyAccount = class {
	joules = 0;
	#total;
	#watts = 0;
	#sinceMs;
	constructor(watts, nowMs, total) {
		this.#sinceMs = nowMs;
		this.#total = total;
		this.draw(watts, nowMs);
	}
	draw(watts, nowMs) {
		this.settle(nowMs);
		this.#total.add(watts - this.#watts);
		this.#watts = watts;
	}
	settle(nowMs) {
		this.joules += this.#watts * (nowMs - this.#sinceMs) / 1e3;
		this.#sinceMs = nowMs;
	}
};
// src/placement/power/node-life.ts
const usualLifeSettings = {
	wakeLimitMs: 12e4,
	sleepLimitMs: 12e4,
	mostTries: 3,
	keepsBoot: false
};
/** A node that did not come is left alone for so long, twice as long each time, */
const firstPauseMs = 3e5;
/** up to this. */
const longestPauseMs = 72e5;
function newLife(phase, nowMs, boot = null) {
	return {
		phase,
		sinceMs: nowMs,
		boot,
		tries: 0,
		failures: 0,
		retryAtMs: null,
		wantsWake: false
	};
}
/** Whether it can be given work now. */
const isAwake = ({ phase }) => phase === "ready" || phase === "busy";
/**
* What follows from an event: pure, so that the head keeps the state and carries out the actions in this order. A power
* command is never ordered while another is under way: the phases `waking` and `going-to-sleep` last until something is
* heard, a command failed or the limit has passed.
*/
function stepLife(life, event, nowMs, settings) {
	switch (event.type) {
		case "wake": return wake(life, nowMs);
		case "sleep": return sleep(life, nowMs);
		case "beat": return hear(life, event, nowMs, settings);
		case "gone": return lose(life, nowMs);
		case "power-failed": return powerFailed(life, event.reason, nowMs, settings);
		case "tick": return wait(life, nowMs, settings);
	}
}
const same = (life) => ({
	life,
	actions: []
});
function to(life, phase, nowMs, more = {}) {
	return {
		...life,
		phase,
		sinceMs: nowMs,
		wantsWake: false,
		...more
	};
}
function report(what, reason) {
	return {
		type: "report",
		what,
		reason
	};
}
function wake(life, nowMs) {
	switch (life.phase) {
		case "off": return {
			life: to(life, "waking", nowMs, {
				tries: 1,
				retryAtMs: null
			}),
			actions: [{ type: "power-on" }]
		};
		case "draining": return {
			life: to(life, "busy", nowMs),
			actions: [{ type: "resume" }]
		};
		case "going-to-sleep": return same({
			...life,
			wantsWake: true
		});
		default: return same(life);
	}
}
function sleep(life, nowMs) {
	if (life.phase === "ready") return {
		life: to(life, "going-to-sleep", nowMs),
		actions: [{ type: "power-off" }]
	};
	if (life.phase === "busy") return {
		life: to(life, "draining", nowMs),
		actions: [{ type: "drain" }]
	};
	if (life.phase === "going-to-sleep") return same({
		...life,
		wantsWake: false
	});
	return same(life);
}
function hear(life, { boot, leases }, nowMs, { keepsBoot }) {
	const present = leases > 0 ? "busy" : "ready";
	const isNewBoot = boot !== life.boot;
	const awake = {
		boot,
		tries: 0,
		failures: 0,
		retryAtMs: null
	};
	switch (life.phase) {
		case "waking": {
			if (!isNewBoot && !keepsBoot) return same(life);
			const seconds = (nowMs - life.sinceMs) / 1e3;
			const learned = life.tries === 1 ? [{
				type: "woke",
				seconds
			}] : [];
			return {
				life: to(life, present, nowMs, awake),
				actions: learned
			};
		}
		case "off":
		case "failed":
			if (!isNewBoot && !keepsBoot && life.phase === "off") return same(life);
			return {
				life: to(life, present, nowMs, awake),
				actions: [report(life.phase === "off" ? "woke-by-itself" : "came-back", "its agent is heard")]
			};
		case "going-to-sleep":
			if (!isNewBoot) return same(life);
			return {
				life: to(life, present, nowMs, awake),
				actions: [report("did-not-sleep", "it started again instead of going off")]
			};
		default: return hearAwake(life, {
			boot,
			leases,
			isNewBoot
		}, nowMs);
	}
}
function hearAwake(life, { boot, leases, isNewBoot }, nowMs) {
	const rebooted = isNewBoot && life.boot !== null ? [report("rebooted", "its agent is another one")] : [];
	const known = {
		...life,
		boot
	};
	if (life.phase === "draining") {
		if (leases > 0) return {
			life: known,
			actions: rebooted
		};
		return {
			life: to(known, "going-to-sleep", nowMs),
			actions: [...rebooted, { type: "power-off" }]
		};
	}
	const phase = leases > 0 ? "busy" : "ready";
	return {
		life: phase === life.phase ? known : to(known, phase, nowMs),
		actions: rebooted
	};
}
function lose(life, nowMs) {
	switch (life.phase) {
		case "going-to-sleep": return life.wantsWake ? wake(to(life, "off", nowMs), nowMs) : same(to(life, "off", nowMs));
		case "ready":
		case "busy":
		case "draining": return {
			life: to(life, "off", nowMs, { boot: null }),
			actions: [report("vanished", "nothing is heard of it")]
		};
		default: return same(life);
	}
}
function powerFailed(life, reason, nowMs, settings) {
	if (life.phase === "waking") return again(life, reason, nowMs, settings);
	if (life.phase !== "going-to-sleep") return same(life);
	return {
		life: to(life, "ready", nowMs),
		actions: [report("did-not-sleep", reason)]
	};
}
function wait(life, nowMs, settings) {
	const waitedMs = nowMs - life.sinceMs;
	if (life.phase === "waking" && waitedMs >= settings.wakeLimitMs) return again(life, `nothing heard for ${Math.round(waitedMs / 1e3)} s`, nowMs, settings);
	if (life.phase === "going-to-sleep" && waitedMs >= settings.sleepLimitMs) return {
		life: to(life, "ready", nowMs),
		actions: [report("did-not-sleep", "it is still heard")]
	};
	if (life.phase === "failed" && life.retryAtMs !== null && nowMs >= life.retryAtMs) return same(to(life, "off", nowMs, { retryAtMs: null }));
	return same(life);
}
function again(life, reason, nowMs, { mostTries }) {
	if (life.tries < mostTries) return {
		life: to(life, "waking", nowMs, { tries: life.tries + 1 }),
		actions: [{ type: "power-cycle" }]
	};
	const pauseMs = Math.min(firstPauseMs * 2 ** life.failures, longestPauseMs);
	return {
		life: to(life, "failed", nowMs, {
			failures: life.failures + 1,
			retryAtMs: nowMs + pauseMs
		}),
		actions: [report("did-not-wake", reason)]
	};
}
// src/placement/power/wake-time.ts
/** Boards boot in 10 to 30 s, some in 60 s. */
const priorWakeTime = {
	meanSeconds: 30,
	spreadSeconds: 10,
	seen: 0
};
/** Older wakes count less and less: a new disk or system changes how long it takes. */
const memory = 10;
/** A node that has not been seen to wake has so much time. */
const unseenLimitSeconds = 120;
const graceSeconds = 5;
/** Takes one more wake. */
function learnWake({ meanSeconds, spreadSeconds, seen }, seconds) {
	if (seen === 0) return {
		meanSeconds: seconds,
		spreadSeconds: seconds / 4,
		seen: 1
	};
	const weight = 1 / Math.min(seen + 1, memory);
	const off = seconds - meanSeconds;
	const variance = (1 - weight) * (spreadSeconds ** 2 + weight * off ** 2);
	return {
		meanSeconds: meanSeconds + weight * off,
		spreadSeconds: Math.sqrt(variance),
		seen: seen + 1
	};
}
/** After so long without a beat it is not coming: four spreads, and at least half as long again as usual. */
function wakeLimitSeconds({ meanSeconds, spreadSeconds, seen }) {
	if (seen === 0) return unseenLimitSeconds;
	return Math.max(meanSeconds + 4 * spreadSeconds, 1.5 * meanSeconds) + graceSeconds;
}
// src/simulate/power-node.ts
/** One board: its life as placement keeps it, its power as it really is, and what it draws. */
var SimulatedNode = class {
	spec;
	energy;
	life;
	boots = 0;
	reports = /* @__PURE__ */ new Map();
	#clock;
	#random;
	#events;
	#wakeTime = priorWakeTime;
	#awakeSinceMs = 0;
	#leases = 0;
	#share = 0;
	#power;
	#changing = null;
	#limit = null;
	constructor(spec, start, events) {
		const { isOn, clock, random, total } = start;
		this.spec = {
			...spec,
			...withinCap$1(spec.profile, spec.capacity, spec.capWatts)
		};
		this.#clock = clock;
		this.#random = random;
		this.#events = events;
		this.#power = isOn ? "on" : "off";
		this.life = newLife(isOn ? "ready" : "off", clock.nowMs, `${spec.id}-0`);
		if (!isOn) this.life = {
			...this.life,
			sinceMs: Number.NEGATIVE_INFINITY
		};
		this.energy = new EnergyAccount(this.#wattsNow(), clock.nowMs, total);
	}
	get isAwake() {
		return isAwake(this.life);
	}
	/** What placement knows of it. */
	view() {
		const { id, platforms, capacity, profile } = this.spec;
		const { phase, sinceMs } = this.life;
		const wakingSeconds = (this.#clock.nowMs - sinceMs) / 1e3;
		return {
			id,
			platforms,
			capacity,
			profile,
			phase,
			capWatts: null,
			sinceMs: this.isAwake || phase === "draining" ? this.#awakeSinceMs : sinceMs,
			...phase === "waking" && { comingSeconds: this.#wakeTime.meanSeconds + 2 * this.#wakeTime.spreadSeconds - wakingSeconds }
		};
	}
	tell(event) {
		const { life, actions } = stepLife(this.life, event, this.#clock.nowMs, {
			...usualLifeSettings,
			wakeLimitMs: wakeLimitSeconds(this.#wakeTime) * 1e3
		});
		const wasAwake = this.isAwake;
		const before = this.life.phase;
		this.life = life;
		if (this.isAwake && !wasAwake) this.#awakeSinceMs = this.#clock.nowMs;
		for (const action of actions) this.#carryOut(action);
		if (before !== this.life.phase) this.#watchLimit();
	}
	/** What its encoders are doing. */
	busy(leases, share) {
		const hadLeases = this.#leases > 0;
		this.#leases = leases;
		this.#share = share;
		if (this.#power === "on") this.energy.draw(this.#wattsNow(), this.#clock.nowMs);
		if (leases > 0 !== hadLeases && this.#power === "on") this.#beat();
	}
	#beat() {
		this.tell({
			type: "beat",
			boot: `${this.spec.id}-${this.boots}`,
			leases: this.#leases
		});
	}
	#carryOut(action) {
		switch (action.type) {
			case "power-on":
			case "power-cycle":
				this.#boot();
				return;
			case "power-off":
				this.#shutDown();
				return;
			case "woke":
				this.#wakeTime = learnWake(this.#wakeTime, action.seconds);
				return;
			case "report":
				this.reports.set(action.what, (this.reports.get(action.what) ?? 0) + 1);
				return;
			default: this.#events.changed();
		}
	}
	#boot() {
		const { profile, wakeSpreadSeconds, wakeFailures } = this.spec;
		this.#changing?.cancel();
		this.boots += 1;
		this.#become("booting");
		const comes = this.#random.next() >= wakeFailures;
		const seconds = Math.max(profile.wakeSeconds / 2, this.#random.normal(profile.wakeSeconds, wakeSpreadSeconds));
		if (!comes) return;
		this.#changing = this.#clock.after(seconds * 1e3, () => {
			this.#become("on");
			this.#events.up(this.spec.id);
			this.#beat();
			this.#events.changed();
		});
	}
	#shutDown() {
		this.#changing?.cancel();
		this.#become("ending");
		this.#events.down(this.spec.id);
		this.#changing = this.#clock.after(this.spec.profile.sleepSeconds * 1e3, () => {
			this.#leases = 0;
			this.#share = 0;
			this.#become("off");
			this.tell({ type: "gone" });
			this.#events.changed();
		});
	}
	#become(power) {
		this.#power = power;
		this.energy.draw(this.#wattsNow(), this.#clock.nowMs);
	}
	#wattsNow() {
		const { profile } = this.spec;
		return {
			off: profile.offWatts,
			booting: profile.wakeWatts,
			ending: profile.sleepWatts,
			on: wattsAt(profile, this.#share)
		}[this.#power];
	}
	#watchLimit() {
		this.#limit?.cancel();
		const { phase, retryAtMs, sinceMs } = this.life;
		const atMs = phase === "waking" ? sinceMs + wakeLimitSeconds(this.#wakeTime) * 1e3 : phase === "failed" ? retryAtMs : null;
		if (atMs === null) return;
		this.#limit = this.#clock.at(atMs + 1, () => {
			this.tell({ type: "tick" });
			this.#watchLimit();
			this.#events.changed();
		});
	}
};
// src/simulate/simulated-head.ts
const responderId = "first-responder";
/** As the real head does while several sessions play. */
const turnMs = 1e3;
const askAgainMs = 500;
const littleLeadSeconds = 8;
function usualPolicy(rules) {
	return new PowerPolicy(rules);
}
/** What the head does with sessions, nodes and their power, on a virtual clock: admission, the power policy, placement. */
var SimulatedHead = class {
	nodes;
	responderEnergy;
	/** Floor included. */
	total;
	#options;
	#byId;
	#stage;
	#sessions = /* @__PURE__ */ new Map();
	#turns;
	#isDue = false;
	#room = null;
	#nextLook = null;
	#turn = null;
	constructor(options, turns) {
		const { fleet, clock, random, areOn } = options;
		this.#options = options;
		this.#turns = turns;
		this.total = new WattsTotal(floorWatts(fleet));
		this.nodes = fleet.nodes.map((node) => new SimulatedNode(node, {
			isOn: areOn,
			clock,
			random: random.fork(node.id),
			total: this.total
		}, {
			up: (id) => this.#stage.nodeUp(id),
			down: (id) => this.#goesDown(id),
			changed: () => this.react()
		}));
		this.#byId = new Map(this.nodes.map((node) => [node.spec.id, node]));
		this.responderEnergy = new EnergyAccount(0, clock.nowMs, this.total);
		const workers = this.nodes.map(({ spec }) => ({
			id: spec.id,
			capacity: spec.capacity
		}));
		const own = fleet.responder ? [{
			id: responderId,
			capacity: fleet.responder.capacity
		}] : [];
		this.#stage = options.stage([...workers, ...own], {
			nodeBusy: (id, leases, share) => this.#busy(id, leases, share),
			changed: () => this.react(),
			ended: (session) => this.#ended(session)
		});
		this.react();
	}
	get playing() {
		return this.#sessions.size;
	}
	/** What a router above several heads needs to know: work a second that is free, with the margin of admission. */
	room() {
		this.#room ??= this.#reckonRoom();
		return this.#room;
	}
	#reckonRoom() {
		let used = 0;
		for (const { viewing } of this.#sessions.keys()) used += viewing.demand * admissionMargin;
		let awake = 0;
		let whole = 0;
		for (const { isAwake, life, spec } of this.nodes) {
			if (isAwake || life.phase === "waking") awake += spec.capacity;
			if (life.phase !== "failed") whole += spec.capacity;
		}
		return {
			awakeFree: awake - used,
			free: whole - used
		};
	}
	request(viewing, askedMs = this.#options.clock.nowMs) {
		const { clock, fleet, policy, onRefused } = this.#options;
		const waitedMs = clock.nowMs - askedMs;
		const view = this.#view();
		const workers = admissibleNodes(view, fleet.rules);
		const nodes = workers.length > 0 || !fleet.responder ? workers : [fleet.responder];
		const running = view.sessions.map(({ platforms, demand }) => ({
			platforms,
			demand
		}));
		const { demand, platforms } = viewing;
		const decision = decide({
			platforms,
			wishes: [{
				demand,
				preset: null
			}],
			waitedMs
		}, running, nodes);
		if (decision.how === "wait" && waitedMs < 3e3) {
			clock.after(askAgainMs, () => this.request(viewing, askedMs));
			return;
		}
		if (decision.how !== "start") {
			onRefused(viewing);
			return;
		}
		const session = this.#stage.begin(viewing, askedMs);
		this.#sessions.set(session, wishOf(session));
		policy.sessionBegan(clock.nowMs, this.#weekMinute());
		this.react();
	}
	/** Something has changed: decides once at this moment, however much it was. */
	react() {
		this.#room = null;
		if (this.#isDue) return;
		this.#isDue = true;
		this.#options.clock.after(0, () => {
			this.#isDue = false;
			this.#decide();
		});
	}
	settle() {
		const { nowMs } = this.#options.clock;
		for (const { energy } of this.nodes) energy.settle(nowMs);
		this.responderEnergy.settle(nowMs);
	}
	#weekMinute() {
		return Math.floor(this.#options.clock.nowMs / 6e4) % minutesPerWeek;
	}
	#view() {
		const { fleet, clock } = this.#options;
		return {
			nodes: this.nodes.map((node) => node.view()),
			sessions: [...this.#sessions.keys()].map((session) => ({
				id: session.viewing.id,
				platforms: session.viewing.platforms,
				demand: session.viewing.demand,
				ageSeconds: (clock.nowMs - session.beganMs) / 1e3,
				leadSeconds: session.leadSeconds(),
				isResting: session.isResting()
			})),
			responder: fleet.responder,
			weekMinute: this.#weekMinute()
		};
	}
	#decide() {
		const { clock, policy, times } = this.#options;
		const view = this.#view();
		const beganMs = times?.nowMs();
		const decision = policy.decide(view, clock.nowMs);
		const { placement, shares } = this.#place(decision);
		if (times) times.note.add(times.nowMs() - beganMs);
		for (const session of this.#sessions.keys()) session.setNodes(placement.get(session.viewing.id) ?? [], shares);
		for (const id of decision.wake) this.#byId.get(id).tell({ type: "wake" });
		for (const id of decision.sleep) this.#byId.get(id).tell({ type: "sleep" });
		this.#nextLook?.cancel();
		if (decision.nextLookMs !== null) this.#nextLook = clock.at(Math.max(decision.nextLookMs, clock.nowMs + 1), () => this.react());
		this.#takeTurns();
	}
	#place({ working, bridge }) {
		const { responder } = this.#options.fleet;
		const bridged = new Set(bridge);
		const sessions = [...this.#sessions].flatMap(([session, wish]) => {
			if (session.isResting()) return [];
			const isBridged = bridged.has(wish.id);
			return [{
				id: wish.id,
				platforms: wish.platforms,
				demand: session.viewing.demand,
				leadSeconds: session.leadSeconds(),
				nodes: session.nodeIds,
				trusts: isBridged ? onlyResponder : anyNode
			}];
		});
		const nodes = working.map((id) => {
			const { spec } = this.#byId.get(id);
			return {
				id,
				platforms: spec.platforms,
				capacity: spec.capacity,
				speed: spec.capacity
			};
		});
		if (responder && bridge.length > 0) {
			const { platforms, capacity, slots } = responder;
			nodes.push({
				id: responderId,
				platforms,
				capacity,
				slots,
				firstResponder: true
			});
		}
		const placement = place(sessions, nodes);
		return {
			placement,
			shares: sharesOf(placement, nodes)
		};
	}
	#takeTurns() {
		if (this.#turn !== null || this.#sessions.size < 2) return;
		if (!this.#turns && ![...this.#sessions.keys()].some(isRunningDry)) return;
		this.#turn = this.#options.clock.after(turnMs, () => {
			this.#turn = null;
			this.react();
		});
	}
	#goesDown(id) {
		for (const session of this.#sessions.keys()) if (session.nodeIds.includes(id) || this.#stage.leasesOn(id) > 0) session.nodeLost(id);
		this.#stage.nodeDown(id);
	}
	#busy(id, leases, share) {
		const { clock, fleet } = this.#options;
		if (id === "first-responder") this.responderEnergy.draw(fleet.responder.addedWatts * share, clock.nowMs);
		else this.#byId.get(id).busy(leases, share);
	}
	#ended(session) {
		const { clock, policy, onEnded } = this.#options;
		this.#sessions.delete(session);
		policy.sessionEnded((clock.nowMs - session.beganMs) / 1e3);
		onEnded(session);
		this.react();
	}
};
const onlyResponder = (node) => node === responderId;
const anyNode = (node) => node !== responderId;
/** Placement helps streams with little in hand, and only looks at leads that it is told. */
function isRunningDry(session) {
	return session.watch.startSeconds !== null && !session.isResting() && session.leadSeconds() < littleLeadSeconds;
}
function wishOf({ viewing }) {
	const { id, platforms, demand } = viewing;
	return {
		id,
		platforms,
		demand,
		leadSeconds: 0,
		nodes: []
	};
}
// src/simulate/run.ts
/** Plays a workload on a fleet. The same options give the same outcome. */
function run(options) {
	const { fleet, viewings, days, seed, grain, areOn = false } = options;
	const clock = new Clock();
	const decisions = new DecisionTimes();
	const watched = [];
	const refused = [];
	const head = new SimulatedHead({
		fleet,
		clock,
		areOn,
		random: randomOf(`${seed}/nodes`),
		policy: options.policy ?? usualPolicy(fleet.rules),
		stage: (nodes, events) => grain === "segments" ? new PlayedStage(nodes, clock, events) : new FluidStage(nodes, clock, events),
		onEnded: (session) => void watched.push(session),
		onRefused: ({ id }) => void refused.push(id),
		...options.realNowMs && { times: {
			note: decisions,
			nowMs: options.realNowMs
		} }
	}, grain === "segments");
	for (const viewing of viewings) clock.at(viewing.atSeconds * 1e3, () => head.request(viewing));
	clock.runUntil(days * 864e5);
	for (let hour = 0; head.playing > 0 && hour < 48; hour += 1) clock.runUntil(clock.nowMs + 36e5);
	head.settle();
	const facts = watched.map(({ watch }) => watch);
	const begun = new Set(watched.flatMap(({ viewing, watch }) => watch.startSeconds === null ? [] : viewing.id));
	const turnedAway = new Set(refused);
	const unserved = viewings.map(({ id }) => id).filter((id) => !begun.has(id) && !turnedAway.has(id));
	const sum = (values) => values.reduce((total, value) => total + value, 0);
	return {
		nodeJoules: sum(head.nodes.map(({ energy }) => energy.joules)),
		responderJoules: head.responderEnergy.joules,
		joulesByNode: head.nodes.map(({ spec, energy, boots }) => ({
			id: spec.id,
			joules: energy.joules,
			boots
		})),
		peakWatts: head.total.peak,
		boots: sum(head.nodes.map(({ boots }) => boots)),
		starts: facts.flatMap(({ startSeconds }) => startSeconds ?? []).sort((a, b) => a - b),
		stalls: sum(facts.map(({ stalls }) => stalls)),
		stalledSeconds: sum(facts.map(({ stalledSeconds }) => stalledSeconds)),
		refused,
		unserved,
		decisions,
		steps: clock.steps
	};
}
// src/simulate/report.ts
const joulesPerKwh = 36e5;
/** Runs a workload, and sets it against the optimum for the viewers that the fleet took and served. */
function simulate(options) {
	const { fleet, viewings, days } = options;
	const outcome = run(options);
	const missing = /* @__PURE__ */ new Set([...outcome.refused, ...outcome.unserved]);
	const taken = viewings.filter(({ id }) => !missing.has(id));
	const optimum = optimumOf(fleet, taken, days * 86400);
	return {
		report: reportOf(options, outcome, taken.length, optimum),
		outcome
	};
}
function reportOf({ fleet, days }, outcome, sessions, optimum) {
	const { nodeJoules, responderJoules, starts } = outcome;
	const joules = nodeJoules + responderJoules;
	return {
		energyKwh: kwh(joules),
		optimumKwh: kwh(optimum.joules),
		ratio: rounded(joules / optimum.joules, 4),
		alwaysOnRatio: rounded(optimum.alwaysOnJoules / optimum.joules, 2),
		startP99Seconds: rounded(quantile(starts, .99), 3),
		stalls: outcome.stalls,
		bootsPerDay: rounded(outcome.boots / days, 2),
		fleet: fleet.name,
		nodes: fleet.nodes.length,
		days,
		sessions,
		responderKwh: kwh(responderJoules),
		optimum: optimum.isExact ? "exact" : "lower bound",
		alwaysOnKwh: kwh(optimum.alwaysOnJoules),
		floorKwh: kwh(floorWatts(fleet) * days * 86400),
		startP50Seconds: rounded(quantile(starts, .5), 3),
		startMaxSeconds: rounded(starts.at(-1) ?? 0, 3),
		stalledSeconds: rounded(outcome.stalledSeconds, 2),
		refused: outcome.refused.length,
		unserved: outcome.unserved.length,
		beyondFleetSeconds: rounded(optimum.beyondSeconds, 1),
		boots: outcome.boots,
		peakWatts: rounded(outcome.peakWatts, 1)
	};
}
/** The smallest value that at least such a share does not exceed; 0 of none. */
function quantile(sorted, share) {
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
const rounded = (value, digits) => Math.round(value * 10 ** digits) / 10 ** digits;
const kwh = (joules) => rounded(joules / joulesPerKwh, 4);
// src/placement/power/cells.ts
/** As admission keeps it. */
const margin = 1.2;
/**
* Which cell takes a stream: of those that have room for it on nodes that are awake, the one with the least, so that
* others empty and sleep; else the one with the most room in all. Null where it fits nowhere.
*/
function chooseCell(cells, demand) {
	let packed = null;
	let roomy = null;
	for (const cell of cells) {
		if (cell.awakeFree >= demand * margin && (!packed || cell.awakeFree < packed.awakeFree)) packed = cell;
		if (cell.free >= demand * margin && (!roomy || cell.free > roomy.free)) roomy = cell;
	}
	return (packed ?? roomy)?.id ?? null;
}
// src/simulate/large-run.ts
const platforms = ["software"];
/**
* A fleet of thousands, in cells of one head each, under one clock: sessions flow (see FluidStage), all decisions are the
* real ones. A router above the cells knows only how much room each has.
*/
function largeRun(options) {
	const { nodes, sessionsPerDay, hours, seed, realNowMs, heapBytes } = options;
	const days = hours / 24;
	const before = heapBytes();
	const clock = new Clock();
	const [times, routes] = [new DecisionTimes(), new DecisionTimes()];
	const starts = [];
	const counts = {
		sessions: 0,
		refused: 0,
		atOnce: 0,
		playing: 0,
		stalls: 0
	};
	const heads = cellFleets(options).map((fleet, index) => new SimulatedHead({
		fleet,
		clock,
		areOn: false,
		random: randomOf(`${seed}/${index}`),
		policy: usualPolicy(fleet.rules),
		stage: (all, events) => new FluidStage(all, clock, events),
		onEnded: ({ watch }) => {
			counts.playing -= 1;
			counts.stalls += watch.stalls;
			if (watch.startSeconds !== null) starts.push(watch.startSeconds);
		},
		onRefused: () => {
			counts.refused += 1;
			counts.playing -= 1;
		},
		times: {
			note: times,
			nowMs: realNowMs
		}
	}, false));
	const bytesPerNode = (heapBytes() - before) / nodes;
	const request = (viewing) => {
		const beganMs = realNowMs();
		const chosen = chooseCell(heads.map((head, index) => ({
			id: String(index),
			...head.room()
		})), viewing.demand);
		routes.add(realNowMs() - beganMs);
		counts.sessions += 1;
		if (chosen === null) {
			counts.refused += 1;
			return;
		}
		counts.playing += 1;
		counts.atOnce = Math.max(counts.atOnce, counts.playing);
		heads[Number(chosen)].request(viewing);
	};
	const shape = {
		...homeShape,
		perDay: sessionsPerDay
	};
	for (const viewing of viewingsOf(shape, Math.ceil(days), randomOf(`${seed}/workload`))) if (viewing.atSeconds < days * 86400) clock.at(viewing.atSeconds * 1e3, () => request(viewing));
	const beganMs = realNowMs();
	for (let hour = 1, lastMs = beganMs; hour - 1 < hours; hour += 1) {
		clock.runUntil(Math.min(hour, hours) * 36e5);
		options.onHour?.(hour, (realNowMs() - lastMs) / 1e3, counts.playing);
		lastMs = realNowMs();
	}
	const secondsPerHour = (realNowMs() - beganMs) / 1e3 / hours;
	const all = heads.flatMap((head) => {
		head.settle();
		return head.nodes;
	});
	starts.sort((a, b) => a - b);
	const boots = all.reduce((total, node) => total + node.boots, 0);
	const joules = all.reduce((total, { energy }) => total + energy.joules, 0) + heads.reduce((total, { responderEnergy }) => total + responderEnergy.joules, 0);
	const idleWatts = all.reduce((total, { spec }) => total + spec.profile.idleWatts, 0);
	return {
		nodes,
		cells: heads.length,
		hours,
		sessions: counts.sessions,
		refused: counts.refused,
		atOnce: counts.atOnce,
		decisions: times.count,
		decisionP50Ms: times.quantile(.5),
		decisionP99Ms: times.quantile(.99),
		routeP99Ms: routes.quantile(.99),
		decisionMaxMs: times.quantile(1),
		secondsPerHour,
		bytesPerNode: Math.round(bytesPerNode),
		energyKwh: joules / 36e5,
		alwaysIdleKwh: idleWatts * days * 86400 / 36e5,
		bootsPerNodePerDay: boots / nodes / days,
		startP99Seconds: starts[Math.max(0, Math.ceil(.99 * starts.length) - 1)] ?? 0,
		stalls: counts.stalls
	};
}
/** Boards of three kinds that carry a stream each, and a head that can begin several at a time. */
function cellFleets({ nodes, cellNodes }) {
	const kinds = [
		"turing-rk1",
		"lattepanda-mu-n100",
		"gmktec-n150"
	];
	return Array.from({ length: Math.ceil(nodes / cellNodes) }, (_, cell) => {
		const floor = [{
			name: "head",
			watts: 10
		}];
		return {
			name: `cell ${cell}`,
			nodes: Array.from({ length: Math.min(cellNodes, nodes - cell * cellNodes) }, (_unused, index) => {
				const board = kinds[index % kinds.length];
				const { profile, wakeSpreadSeconds } = boards.get(board);
				return {
					id: `c${cell}-${index}`,
					board,
					platforms,
					capacity: 2.2,
					capWatts: null,
					profile,
					wakeSpreadSeconds,
					wakeFailures: .001
				};
			}),
			responder: {
				platforms,
				capacity: 8,
				slots: 4,
				addedWatts: 120
			},
			floor,
			rules: {
				...usualRules,
				floorWatts: floorWatts({ floor })
			}
		};
	});
}
export { EncoderNode, FluidSession, PlayedSession, Player, PowerPolicy, Session, SimulatedHead, homeFleet, homeShape, largeRun, optimumOf, randomCase, randomOf, responderId, run, simulate, viewingsOf };

//# sourceMappingURL=v3.mjs.map