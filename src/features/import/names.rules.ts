/** Names of people: telling a name from a word, couples in one cell, and what only stands in for a name. */
import { isDitto, isNothing, squash } from './text.rules.ts';

const SURNAMES = new Set(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱丘侯江尹薛闫阎雷段史龙黎贺陶顾毛郝龚邵万覃武钱戴严欧莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申殷詹欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷曲盛冉骆蓝路游靳辛管柴蒙鲍华喻祁房滕屈饶解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏卫席柏米宗代瞿桂全佟应臧闵苟邬边卞姬和师仇栾丘隋商刁沙荣巫寇甄郎桑丛虞敖巩明佘池查麻苑迟邝封官谈鞠匡惠荆乐冀胥南班储原栗燕楚鄢扬劳谌奚皮粟冼蔺楼盘满闻位厉仲百况花平元水卿阳向由揭招干危付覃占仝双户年区展禹植肇岩楼巴母芮滑昌郁令来庾暴蒲幸鄂撒盖那贝凤洪贡邰邸邴计伏印支祖洗崇褟言阙晋淡强冶茅茹荀虎逄檀束桓种桑鲜鱼濮亓苻曷羊尧候展凡亢辜续门牧修邸勾赖赫但黑腾竹才后海达佴禤腊朴晁巢訾阚毋乜蒯竺逯仉缑帅谯笪蔚夔殳隗莘扶郦雍郤璩扈郏浦宦慎戈暨衡宰苍'.split(
    '',
  ),
);
const DOUBLE_SURNAMES = new Set(
  '欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 司徒 端木 宇文 长孙 轩辕 司空 南宫 独孤 百里 呼延 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 万俟 赫连 东郭 第五 拓跋 纳兰 完颜 叶赫 爱新'.split(
    ' ',
  ),
);

// Words of the trade that begin with a surname or are as short as a name.
const NOT_NAMES =
  /^(高龄|高血压|高血脂|高血糖|白内障|良好|一般|正常|健康|慢阻肺|慢性病|冠心病|糖尿病|痛风|帕金森|耳背|独居|空巢|孤寡|留守|低保|特困|失能|失独|优抚|残疾|党员|群众|送餐|堂食|自取|午餐|晚餐|早餐|女儿|儿子|儿媳|女婿|孙子|孙女|外孙|外甥|侄子|侄女|妹妹|弟弟|姐姐|哥哥|老伴|配偶|丈夫|妻子|邻居|朋友|同事|社区干部|网格员|保姆|护工|合计|小计|总计|共计|姓名|名字|序号|性别|备注|说明|地址|电话|住址|步行|汽车|电动车|自行车|固定|流动|时间|随时|周末|单位|方式|关系|门牌|楼栋|单元|房号|小区|社区|网格|年龄|馒头|花卷|白粥|鸡蛋|豆浆|包子|油条|糖包|肉包|菜包|米饭|面条|牛奶|平安|安全|方便|成功|元月|暂停|应急|花生|海鲜|青菜|汉族|回族|满族|苗族|土家族|有|无|是|否|男|女|好|中|差|全天|上午|下午|晚上|双休日|寒暑假|党员送餐|水电维修|文艺|法律|理发|陪诊|探访|心理疏导|代购|丧偶|离异|已婚|未婚|退休|在职|本人|子女|父母|文盲|小学|初中|高中|中专|大专|本科|大学|研究生|荤|素|软食|普食|清真|水果|汤|粥)$/;
const NOT_NAME_ENDINGS =
  /(社区|街道|小区|网格|花园|家园|单元|号楼|居委会|志愿队|服务队|公司|医院|学校|餐|过敏|病|级|楼|栋|室|队|团|队伍|中心|协会|省|市|县|镇|乡|村|路|道|苑|院|城|区)$/;

/** A person's name in Chinese characters, with or without 中间点, or a Western one of two words and more. */
export function looksLikeName(text: string): boolean {
  const name = squash(text);
  if (NOT_NAMES.test(name) || NOT_NAME_ENDINGS.test(name)) return false;
  const signs = [...name];
  if (/^\p{Script=Han}{1,10}[·•・.‧∙⋅･᛫˙](?:\p{Script=Han}{1,10}[·•・.‧∙⋅･᛫˙])?\p{Script=Han}{1,10}$/u.test(name))
    return true;
  if (!/^\p{Script=Han}+$/u.test(name)) return false;
  if (DOUBLE_SURNAMES.has(signs.slice(0, 2).join(''))) return signs.length >= 3 && signs.length <= 5;
  return SURNAMES.has(signs[0] ?? '') && signs.length >= 2 && signs.length <= (signs.length === 4 ? 4 : 3);
}

/** The share that a column of full names reaches: four signs are rare and count half. */
export function nameWeight(text: string): number {
  if (!looksLikeName(text) && !readCouple(text)) return 0;
  return [...squash(text)].length === 4 && !DOUBLE_SURNAMES.has(squash(text).slice(0, 2)) ? 0.5 : 1;
}

export interface ReadName {
  name: string;
  /** What stood in brackets behind the name: 已故, 户主 … */
  remark: string | null;
}

/** The name without blanks, brackets and titles; what stood in brackets comes along. */
export function readName(text: string): ReadName {
  const remarks: string[] = [];
  const bare = text.replace(/[([（【]([^)\]）】]*)[)\]）】]?/g, (_, inner: string) => {
    remarks.push(inner.trim());
    return '';
  });
  const western = /^[A-Za-z][A-Za-z .'-]+$/.test(bare.trim());
  const name = (western ? bare.trim().replace(/\s+/g, ' ') : squash(bare))
    .replace(/[*#?]+$/, '')
    .replace(/(先生|女士|老人家|奶奶|爷爷|大爷|大妈|娭毑|嗲嗲)$/, '');
  return {
    name: name.replace(/[•・．‧∙⋅･᛫˙]|(?<=\p{Script=Han})\.(?=\p{Script=Han})/gu, '·'),
    remark: remarks.filter((remark) => remark !== '').join('，') || null,
  };
}

const SPOUSE_MARK = /^.(男|女|夫|妻|丈夫|妻子|老公|老婆|爱人|老伴|户主|配偶|本人).?$/;

/** The two people of 张三、李四（夫妻）; null when the cell names one. */
export function readCouple(text: string): string[] | null {
  // 陶大明(夫)卢小妹(妻): the brackets part the two.
  const bare = text
    .replace(/[([（【][^)\]）】]*[)\]）】]?/g, (brackets) => (SPOUSE_MARK.test(brackets) ? '、' : ''))
    .replace(/(夫妻|夫妇|两口子?|老两口)$/, '')
    .replace(/^、|、$/g, '')
    .trim();
  const parts = bare
    .split(/[、,，;；/\n&+＋\\]|\s[和与及]\s|(?<=\p{Script=Han}{2})[和与及](?=\p{Script=Han}{2})/u)
    .map(squash)
    .filter((part) => part !== '');
  if (parts.length < 2) parts.splice(0, parts.length, ...bare.split(/\s+/).filter((part) => part !== ''));
  return parts.length >= 2 && parts.length <= 3 && parts.every((part) => [...part].length >= 2 && looksLikeName(part))
    ? parts
    : null;
}

const PLACEHOLDERS =
  /^(待核实|待核|待查|待定|待补|待补充|待登记|新增待登记|待确认|待完善|未登记|未填|不详|未知|不明|无名|无名氏|空户|空房|姓名|佚名|x+|×+|\*+|\?+|？+|\.+|-+|—+|…+|某+|tbd|tba|unknown|n\/?a|no name|test|测试)$/i;

/** 待核实, ？, 张某某 and the like: somebody is meant, nobody is named. */
export function isPlaceholderName(text: string): boolean {
  const name = squash(text);
  if (PLACEHOLDERS.test(name) || /^待|待(核实|登记|补充|定|查|确认)|暂缺|(未|没)(登记|核实|填写)/.test(name))
    return true;
  return /[某×*？?]/.test(name) && [...name].length <= 5 && !isDitto(text);
}

/** Names nobody: empty, 无, —. */
export function isNoName(text: string): boolean {
  return isNothing(text);
}
