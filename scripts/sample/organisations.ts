// Names of organisations, put together from places, invented brands and kinds: schools, companies, offices, hospitals,
// banks, media, teams, associations. A real bearer of such a name is meant by none of the sentences.

import type { Drawer } from './drawer';
import { personSlots } from './people';
import { bareName, cities, governedSlots, otherPlaceSlots, provinces } from './places';

const brandCharacters = Array.from(
	'华宏远达信诚兴隆泰盛鼎天海星辰博瑞新元方正恒安康美嘉佳利丰源通联创智科锐捷腾飞凯越龙凤金银铂宝万亿众合同力亚欧环宇球大中东南北鑫森淼晶润泽沃尔雅致尚品优胜',
);
const industries =
	'科技 电子 医药 生物 能源 化工 机械 建设 置业 食品 纺织 物流 传媒 软件 汽车 电气 光电 环保 农业 旅游 证券 保险 钢铁 水泥 航空 酒业'.split(
		' ',
	);
const companyEndings = [
	'有限公司',
	'股份有限公司',
	'集团',
	'集团有限公司',
	'公司',
	'有限责任公司',
	'（集团）股份有限公司',
	'控股',
	'厂',
	'总公司',
];
const schoolKinds =
	'大学 师范大学 理工大学 医科大学 农业大学 财经大学 工业大学 师范学院 职业技术学院 第一中学 实验小学 外国语学校 中医药大学 交通大学 科技大学 第三中学 附属中学 一中 艺术学院 党校'.split(
		' ',
	);
const hospitalKinds =
	'人民医院 第一人民医院 中医院 中心医院 儿童医院 第二人民医院 肿瘤医院 妇幼保健院 协和医院 口腔医院 精神卫生中心'.split(
		' ',
	);
const officeKinds =
	'教育局 公安局 财政局 交通运输局 卫生健康委员会 人民政府 中级人民法院 人民检察院 税务局 气象局 水利局 环保局 民政局 规划局 审计局 旅游局 委宣传部 委组织部 应急管理局'.split(
		' ',
	);
const nationalOffices =
	'外交部 教育部 财政部 商务部 交通部 公安部 水利部 文化部 国务院 最高人民法院 国家统计局 国家税务总局 农业部 卫生部 中国气象局 中国人民银行'.split(
		' ',
	);
const knownBanks = '工商银行 农业银行 建设银行 交通银行 中国银行 民生银行 光大银行 招商银行 中信银行 兴业银行'.split(
	' ',
);
const mediaKinds = '日报 晚报 电视台 商报 都市报 广播电台 晨报 新闻网'.split(' ');
const knownMedia = '新华社 人民日报 中央电视台 光明日报 路透社 法新社 美联社 中国青年报 经济日报'.split(' ');
const teamKinds = '女排 男篮 足球队 队 俱乐部 青年队 女足 乒乓球队'.split(' ');
const mascots = '猛虎 飞龙 雄狮 海牛 雪豹 骏马 银鹰 烈火 蓝鲨 灰熊'.split(' ');
const associationKinds =
	'作家协会 商会 足球协会 书法家协会 红十字会 工商联 妇女联合会 律师协会 消费者协会 慈善总会 登山协会 企业家协会 摄影家协会 医学会 残疾人联合会'.split(
		' ',
	);
const foreignSchoolKinds = ['大学', '理工学院', '大学', '国立大学', '音乐学院', '商学院', '艺术大学'];
const pressKinds = ['出版社', '文艺出版社', '人民出版社', '少儿出版社', '教育出版社', '古籍书店'];
const hallKinds = ['图书馆', '博物馆', '美术馆', '科技馆', '文化馆', '档案馆', '大剧院'];

const brand = (drawer: Drawer) => drawer.name(brandCharacters) + drawer.name(brandCharacters);
const bareCity = (drawer: Drawer) => bareName(drawer.name(cities));
const bareProvince = (drawer: Drawer) => bareName(drawer.name(provinces));
const city = (drawer: Drawer) => governedSlots.G市(drawer);

function school(drawer: Drawer): string {
	const kind = drawer.name(schoolKinds);
	if (drawer.chance(0.15)) return brand(drawer) + kind;
	return (drawer.chance(0.3) ? bareProvince(drawer) : bareCity(drawer)) + kind;
}

function company(drawer: Drawer): string {
	const name = brand(drawer) + (drawer.chance(0.85) ? drawer.name(industries) : '');
	const shape = drawer.between(1, 10);
	if (shape <= 4) return city(drawer) + name + drawer.name(companyEndings);
	if (shape <= 7) return name + drawer.name(companyEndings);
	return shape <= 9 ? brand(drawer) + drawer.name(industries) : bareProvince(drawer) + drawer.name(industries);
}

function office(drawer: Drawer): string {
	if (drawer.chance(0.25)) return drawer.name(nationalOffices);
	const place = drawer.any([governedSlots.G县, () => drawer.name(cities), () => drawer.name(provinces)])(drawer);
	return place + drawer.name(officeKinds);
}

function hospital(drawer: Drawer): string {
	const place = drawer.chance(0.15) ? brand(drawer) : drawer.chance(0.3) ? governedSlots.G县(drawer) : city(drawer);
	return place + drawer.name(hospitalKinds);
}

function bank(drawer: Drawer): string {
	return drawer.chance(0.6) ? drawer.name(knownBanks) : `${drawer.chance(0.5) ? bareCity(drawer) : brand(drawer)}银行`;
}

function medium(drawer: Drawer): string {
	return drawer.chance(0.35) ? drawer.name(knownMedia) : bareCity(drawer) + drawer.name(mediaKinds);
}

function team(drawer: Drawer): string {
	if (drawer.chance(0.4)) return `${bareCity(drawer)}${drawer.name(mascots)}队`;
	return bareCity(drawer) + (drawer.chance(0.4) ? brand(drawer) : '') + drawer.name(teamKinds);
}

function association(drawer: Drawer): string {
	const place = drawer.chance(0.35) ? '中国' : drawer.chance(0.5) ? drawer.name(cities) : bareProvince(drawer);
	return place + drawer.name(associationKinds);
}

function press(drawer: Drawer): string {
	return (drawer.chance(0.6) ? bareProvince(drawer) : brand(drawer)) + drawer.name(pressKinds);
}

/** Slots of templates that stand for an organisation. */
export const organisationSlots: Record<string, (drawer: Drawer) => string> = {
	O校: school,
	O企: company,
	O政: office,
	O院: hospital,
	O银: bank,
	O分行: (drawer) => `${bank(drawer)}${bareCity(drawer)}分行`,
	O媒: medium,
	O队: team,
	O国队: (drawer) => governedSlots.G国(drawer) + drawer.any(['队', '队', '女排', '男足', '国家队']),
	O省队: (drawer) => `${bareProvince(drawer)}队`,
	O会: association,
	O洋校: (drawer) => governedSlots.G外城(drawer) + drawer.name(foreignSchoolKinds),
	O洋企: (drawer) =>
		personSlots.P洋(drawer).replace(/^.*·/u, '') + drawer.any(['公司', '集团', '汽车', '银行', '航空']),
	O社: press,
	O馆: (drawer) => (drawer.chance(0.7) ? city(drawer) : otherPlaceSlots.L地(drawer)) + drawer.name(hallKinds),
};
