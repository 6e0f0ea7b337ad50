// The text in the text box on a first visit: names that can be read in two ways.

export const sampleText = [
	'重庆市长寿路小学的赵敏老师上周去了武汉大学。',
	'南京市长江大桥今天恢复通车。听说白云昨天一个人爬了白云山。',
	'吴江月把巡演的第一站放在了吴江。',
].join('\n');
