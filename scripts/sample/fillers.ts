// Words between the names: titles, dates, numbers, subjects, moods. They carry no mention.

import { readLines } from './annotated-text';
import type { Drawer } from './drawer';

const words = (line: string) => line.split(' ');
const digits = '〇一二三四五六七八九';
const numerals = words('一 两 三 四 五 六 七 八 九 十 十二 二十 三十五 四十 六十八 一百二十 三百 五百六十 一千二百');

function year(drawer: Drawer): string {
	const value = String(drawer.between(1952, 2024));
	return drawer.chance(0.75) ? value : Array.from(value, (digit) => digits[Number(digit)]).join('');
}

/** Two years in order: `1998年至2004年`. */
function years(drawer: Drawer): string {
	const first = drawer.between(1955, 2012);
	return `${first}年至${first + drawer.between(1, 12)}年`;
}

function day(drawer: Drawer): string {
	if (drawer.chance(0.6)) return drawer.any(words('昨日 今日 昨天 今天 近日 日前 周一 上周五 本月初 前天'));
	return drawer.chance(0.5)
		? `${drawer.between(1, 28)}日`
		: `${drawer.any(['2月', '5月', '9月', '11月'])}${drawer.between(1, 28)}日`;
}

const lists: Record<string, readonly string[]> = {
	职: words(
		'总经理 副总经理 董事长 董事 财务总监 总工程师 监事 总裁 副总裁 人力资源部经理 市场部经理 执行董事 首席执行官 行政总监 技术员 秘书长',
	),
	政职: words('局长 副局长 处长 科长 主任 副主任 书记 调研员 办公室主任 巡视员'),
	业: words('半导体 新能源 纺织 旅游 农业 医药 物流 钢铁 汽车 水产 教育 养老 互联网 林业 化工'),
	事: words('防汛抗旱 春季招生 秋季征兵 森林防火 安全生产检查 食品安全整治 旧城改造 脱贫攻坚 人口普查 环境整治'),
	病: words('流感 糖尿病 高血压 手足口病 近视 骨质疏松 脑卒中'),
	会议: words('国际论坛 峰会 运动会 博览会 学术会议 残奥会 部长级会议'),
	奖: words('科技进步奖 劳动模范称号 五一劳动奖章 优秀教师称号 青年文学奖 金奖 特别贡献奖 先进工作者称号'),
	学历: words('大专学历 本科学历 硕士研究生 博士研究生 中专学历 大学本科 高中文化 研究生学历'),
	职称: words('高级工程师 工程师 高级会计师 经济师 高级经济师 副教授 研究员 主任医师 注册会计师 律师'),
	专业: words('法律 会计 计算机 土木工程 机械制造 中文 金融 化学 临床医学 历史 建筑 工商管理 自动化 英语'),
	学位: words('硕士 博士 学士 工商管理硕士 法学博士 理学学士'),
	形: words('好 棒 无聊 烂 贵 好吃 迷人 奇怪 感人 热闹 一般 可爱'),
	情: words('哈哈哈 [哈哈] [泪] ！！ ～ …… 呜呜 [爱你] 好开心啊 太难了 [心] 😂 谁懂啊 累死了 求带走 没谁了 。 ！'),
};

/** Common nouns (n), verbs (v) and adjectives (a), from the dictionary. */
const commonWords: Record<string, string[]> = {};
for (const { text, genre } of readLines('common-words.txt')) (commonWords[genre] ??= []).push(text);

/** Fillers of templates. */
export const fillers: Record<string, (drawer: Drawer) => string> = {
	...Object.fromEntries(
		Object.entries({ ...lists, ...commonWords }).map(([key, list]) => [key, (drawer: Drawer) => drawer.any(list)]),
	),
	年: year,
	年间: years,
	日: day,
	月: (drawer) => String(drawer.between(1, 12)),
	数: (drawer) => (drawer.chance(0.5) ? drawer.any(numerals) : String(drawer.between(2, 980))),
	岁: (drawer) => String(drawer.between(61, 98)),
	序: (drawer) => drawer.any(words('一 二 三 五 八 九 十 十一')),
	门牌: (drawer) => String(drawer.between(1, 699)),
	比分: (drawer) => drawer.any(words('2比1 3比0 1比0 88比79 4比2 102比97 3比1')),
};
