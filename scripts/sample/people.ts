// Names of people: surnames, characters of given names and syllables of foreign names, put together at random. Whoever
// bears such a name bears it by chance.

import type { Drawer } from './drawer';

const surnames = Array.from(
	'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤',
);
const rareSurnames = [
	...Array.from('柳殷季翟霍翁隋甄匡柴臧佘冼栾褚娄邬晏瞿冉桑戚祁鲍蒲管鞠岳梅盛童鄢阮缪卓喻凌苗'),
	...['欧阳', '司马', '上官', '诸葛', '司徒', '东方', '慕容', '皇甫', '尉迟', '夏侯', '令狐', '宇文'],
];
const givenCharacters = Array.from(
	'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红玲芬燕建国文志海春晓东梅兰辉宇浩然博轩子涵雨欣怡佳琪梓思源嘉俊凯鹏飞龙振宏光永庆家祥德福寿喜彩云凤珍秀慧颖婷雪莹倩薇琳蕾璐瑶蓉菲媛露瑞森林峰岳川河江波清洁正义仁礼智信诚忠良善才学贤哲翰墨诗书画琴棋远航启程卫民兴旺胜利新安康乐天佑立达成功业勤俭朴素贞淑惠芝菊莲荷松柏竹石泉山峻岭阳晨曦昊宁恒毅坚韧铭钧钰锋铁钢金银锦绣绮罗绍裕泽润沛霖霄汉星辰月亮虹霓',
);
const syllables = [
	...['安', '德', '卡', '罗', '维', '斯', '米', '尔', '克', '莱', '特', '布', '鲁', '诺', '马', '丁', '费', '伦'],
	...['亚', '索', '雅', '各', '贝', '塔', '科', '瓦', '奇', '格', '雷', '戈', '里', '汉', '森', '约', '翰', '逊'],
	...['哈', '巴', '沙', '蒂', '姆', '希', '彼', '得', '洛', '夫', '伊', '凡', '帕', '萨', '查', '理', '迈', '佩'],
];
const nicknameParts = Array.from('强明丽娟军芳涛东南燕玲静波磊霞婷菲琪米豆雅乐圆胖妹虎牛宝花星月萌');

function surname(drawer: Drawer): string {
	return drawer.chance(0.82) ? drawer.name(surnames) : drawer.name(rareSurnames);
}

function fullName(drawer: Drawer): string {
	const given = drawer.name(givenCharacters);
	if (drawer.chance(0.25)) return surname(drawer) + given;
	return surname(drawer) + given + drawer.name(givenCharacters);
}

function foreignPart(drawer: Drawer, length: number): string {
	return Array.from({ length }, () => drawer.name(syllables)).join('');
}

function foreignName(drawer: Drawer): string {
	const family = foreignPart(drawer, drawer.between(2, 4));
	return drawer.chance(0.3) ? `${foreignPart(drawer, drawer.between(2, 3))}·${family}` : family;
}

/** As friends call each other: 小陈, 老范, 阿强, 豆豆, 大磊, 乐乐姐. */
function familiarName(drawer: Drawer): string {
	const part = drawer.name(nicknameParts);
	const shape = drawer.between(1, 6);
	if (shape <= 2) return `小${drawer.chance(0.6) ? surname(drawer) : part}`;
	if (shape === 3) return `老${surname(drawer)}`;
	if (shape === 4) return `阿${part}`;
	return shape === 5 ? part + part : `大${part}`;
}

/** Slots of templates that stand for a person. */
export const personSlots: Record<string, (drawer: Drawer) => string> = {
	P: fullName,
	'P~': surname,
	'P-': familiarName,
	P洋: foreignName,
};
