// Names and words of the English sample, all written for it. Tokens are words: names and words are put together of
// parts between spaces.

import type { Language } from './annotated-text';
import type { Drawer } from './drawer';

const words = (text: string) => text.split(' ');
const phrases = (text: string) => text.split(', ');

const givenNames = words(
	'Anna Peter Maria John Clara Hugo Ruth Simon Laura Felix Nora Oscar Helen Martin Alice Robert Julia Henry Emma David Ivan Omar Leila Kenji Aisha Bruno Carmen Dora Edgar Fatima Gustav Hanna Ingrid Jonas Karin Luis Mona Nils Olga Pavel',
);
const familyNames = words(
	'Miller Novak Silva Brown Keller Rossi Haddad Tanaka Larsen Moreau Baker Fischer Garcia Kovacs Petrov Walsh Jensen Okafor Lindqvist Marsh Turner Vogel Weber Young Abbott Bennett Carver Dalton Ellis Foster Grant Hayes Irving Kemp Lowell Mercer Nash Ortiz Porter Quinn',
);
const governed = phrases(
	'London, Madrid, Berlin, Vienna, Brazil, Kenya, Norway, Chile, Egypt, Japan, Toronto, Warsaw, Lima, Dublin, Athens, Finland, Morocco, New Zealand, South Korea, New York, Buenos Aires, Texas, Bavaria, Munich, Geneva, Zambia, Cuba, Iceland, Prague, Sweden, Cape Town, Hong Kong, Milan, Naples, Ottawa, Greece, Ghana, Tunis, Nepal, Seville',
);
const places = phrases(
	'Rhine, Thames, Nile, Alps, Mount Kenya, Lake Geneva, Sahara, Hyde Park, Black Sea, Mekong, Station Road, Green Street, Baltic Sea, River Clyde, Table Mountain, Long Island, Central Square, Loire, Bay of Biscay, Mount Elgon, Pine Avenue, Victoria Station, Elbe, Lake Como, Andes, Gobi Desert, Mill Lane, Castle Hill',
);
const brands = words(
	'Northern Atlas Orion Delta Summit Harbour Silver Phoenix Pioneer Crown Granite Maple Vertex Lunar Cedar Falcon Beacon Amber Cobalt Juniper',
);
const companyKinds = phrases(
	'Bank, Motors, Airlines, Foods, Systems, Group, Energy, Steel, Press, Insurance, Shipping, Pharma',
);
const publicKinds = phrases(
	'University, General Hospital, United, City Council, Museum, Times, Institute of Technology, Rovers, Police Department',
);

function organisation(drawer: Drawer): string {
	return drawer.chance(0.5)
		? `${drawer.name(brands)} ${drawer.name(companyKinds)}`
		: `${drawer.name(governed)} ${drawer.name(publicKinds)}`;
}

function person(drawer: Drawer): string {
	if (drawer.chance(0.2)) return drawer.name(familyNames);
	return `${drawer.name(givenNames)} ${drawer.name(familyNames)}`;
}

export const english: Language = {
	goOn: (text) => text,
	split: (text) => text.split(/\s+/u).filter((token) => token !== ''),
	slots: {
		P: person,
		O: organisation,
		G: (drawer) => drawer.name(governed),
		L: (drawer) => drawer.name(places),
	},
	fillers: {
		day: (drawer) => drawer.any(['yesterday', 'on Monday', 'this morning', 'last night', 'on Friday']),
		weekday: (drawer) => drawer.any(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Sunday']),
		number: (drawer) => String(drawer.between(2, 90)),
		year: (drawer) => String(drawer.between(1961, 2021)),
		score: (drawer) => `${drawer.between(1, 5)} - ${drawer.between(0, 4)}`,
	},
};
