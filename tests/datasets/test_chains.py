"""Industry chains: the file is whole, every name that the documents print is known, damage is named."""

import re

import colour_vision
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import chains as industry
from datasets import vocab
from datasets.errors import DatasetError

CHAINS = industry.load()
HENAN = ("new_materials", "nev", "electronics", "equipment", "medicine", "food", "textiles")

# Each as printed, with document:line of its first use.
PRINTED = {
    "000:24": "先进制造 精细化工 节能环保 生物医药 食品加工 现代农业 新能源 生物降解塑料 索具 培育钻石 医疗大健康 "
    "医药产业",
    "000:52": "特钢 钢铁 煤化工",
    "000:56": "光电显示材料",
    "000:70": "高端吸附材料",
    "000:74": "5G产业",
    "000:76": "商业街区 酒店",
    "000:80": "智慧城市 民宿 国药器械",
    "000:84": "大数据 电缆 机器人 软件",
    "000:88": "文旅",
    "000:90": "铝酸钠 聚合硫酸铁",
    "000:94": "综合能源 奥特莱斯 通信基础设施",
    "000:110": "直播电商 电子商务",
    "001:2": "金融 金融业",
    "001:40": "蒙牛百亿级产业集群 蒙牛产业集群 明仁明康50亿级产业集群 明仁明康产业集群",
    "001:93": "总部产业",
    "001:95": "教育装备产业 教装产业",
    "001:121": "数字经济产业 科创",
    "001:164": "现代服务业",
    "001:249": "“双创”平台 服务业提质增效 基础设施建设",
    "001:298": "5G+工业互联网 商砼",
    "001:448": "装载机",
    "002:16": "装备制造 新材料 电容触摸屏 触摸屏柔性导电膜 移动密码 北斗",
    "002:18": "服务业 商贸业 科技金融 物流业 文化旅游业 工业旅游",
    "002:20": "农业",
    "002:22": "社会事业 基础设施 服务业",
    "002:30": "电子信息产业 新材料产业 三产服务业",
    "002:32": "新材料科技产业 国家安全装备产业 现代服务业 城建",
    "002:38": "生态公园",
    "002:53": "六面顶液压机 精密刀具 乳化液钻机 机械制造 重型成套装备 液压支架 变电站 城市综合体 医院",
    "002:55": "房地产",
    "002:67": "物流 航空航天 国际家居 医药高端电子物流港",
    "002:74": "三产服务 现代农业",
    "003:35": "再生金属产业链 再生铜 再生铝 铝盐渣循环利用 电炉除尘灰 氧化锌",
    "003:67": "环保装备 建筑材料 工业互联网 生物医药 再生金属加工",
    "003:69": "水务环保 总部经济",
    "003:73": "工业互联网 新材料 环保产业 区域总部 医疗合作",
    "003:87": "能源装备 工业装备 火力发电机组 核电设备 风力发电设备",
    "003:91": "数字经济 智慧城市建设 无废城市建设 电力设备 工业互联 智能电网 工业机器人",
    "003:103": "青蒿素衍生物",
    "003:109": "己二腈国产化 飞灰资源利用 智能制造科技园",
    "003:137": "智能制造 数字经济 生物医药 电子信息 智能电力装备 新能源及网联汽车 节能环保装备和服务",
    "004:3": "双碳科技 智能制造 生物科技",
    "004:59": "新一代信息技术 智能制造 文化旅游 现代商贸",
    "004:69": "低空通航 无人机",
    "004:85": "新一代信息技术 双碳科技 智能制造 文化创意旅游 现代商贸服务 现代食品",
    "004:87": "新一代信息技术 新能源 大数据 元宇宙 智能制造 楼宇经济 金融 文创 数字经济 海藻基地 抖音电商直播 5G双碳",
    "domain": "新材料 新能源汽车 电子信息 先进装备 现代医药 现代食品 现代轻纺 超硬材料 尼龙新材料 化工新材料 传感器 "
    "冷链食品 先进铝基 铜基材料 合金材料 先进钢铁 绿色建材 装配式建筑 新型显示和智能终端 光电 先进计算 新型电力装备 "
    "农机 工程机械 机器人和数控机床 航空航天及卫星 节能环保 高端医疗器械 中医药 休闲食品 预制菜 酒饮品 "
    "纺织服装 现代家居",
}

NAMED = {
    "Jiaozuo's demonstration area leads with": ("装备制造、新材料", ("equipment", "new-materials")),
    "Xuchang prints three of its nine": (
        "智 能电力装备、新能源及网联汽车、节能 环保装备和服务等9个重点新兴产业",
        ("power-equipment", "nev", "energy-saving"),
    ),
    "Huiji's six": (
        "新一代信息技术、双碳科 技、智能制造、文化创意旅游、现代商贸服 务、现代食品六大主导产业",
        ("next-generation-it", "dual-carbon", "smart-manufacturing", "culture-tourism", "trade", "food"),
    ),
    "Jiaozuo's fields of 2022": (
        "先进制造、精细化工、节能环保、生物医药、食品加工、现代农业、新能源等多个领域",
        (
            "equipment",
            "fine-chemicals",
            "energy-saving",
            "biomedicine",
            "food",
            "modern-agriculture",
            "new-energy",
        ),
    ),
}

PRODUCTS = {
    "18万吨生物降解塑料": "chemical-materials/degradable-plastics",
    "索具科技产业园": "rigging/rigging-making",
    "高品级培育钻石": "superhard-materials/lab-grown-diamond",
    "六面顶液压机": "superhard-materials/cubic-press",
    "精密刀具": "superhard-materials/superhard-tools",
    "年产30万吨特钢": "steel/special-steel",
    "光电显示材料产业园": "display/display-materials",
    "高端吸附材料基地": "chemical-materials/molecular-sieves",
    "铝酸钠及固体聚合硫酸铁": "fine-chemicals/water-treatment-agents",
    "综合能源项目": "new-energy/integrated-energy",
    "光伏组件生产线": "new-energy/photovoltaic-modules",
    "直播电商产业园": "ecommerce/live-commerce",
    "触摸屏柔性导电膜生产基地": "display/conductive-film",
    "移动密码产业园": "network-security/mobile-cryptography",
    "液压支架结构件": "mining-machinery/hydraulic-parts",
    "架柱式乳化液钻机": "mining-machinery/mining-equipment",
    "航空航天3D制造产业园": "aerospace/3d-manufacturing",
    "国际家居港": "home-furnishing/furnishing-market",
    "年产30万吨再生铝": "recycled-metals/recycled-aluminium",
    "铝盐渣循环利用": "recycled-metals/salt-slag",
    "电炉除尘灰": "recycled-metals/furnace-dust",
    "己二腈国产化示范基地": "nylon/adiponitrile",
    "高温等离子飞灰资源利用": "resource-recycling/waste-treatment",
    "青蒿素衍生物系列品": "biomedicine/plant-extracts",
    "吾悦广场": "trade/commercial-property",
    "扶梯生产线": "equipment/lifts",
    "谷翼无人机一期": "low-altitude/drone-making",
    "5G双碳智慧岛微园区": "dual-carbon/dual-carbon-park",
    "怀商总部产业园": "headquarters/headquarters-space",
    "河南理工大学科技园": "technology-services/university-park",
    "烟用薄膜": "logistics/special-delivery",
}


@pytest.mark.parametrize(
    ("where", "name"), [(where, name) for where, names in PRINTED.items() for name in names.split()]
)
def test_every_printed_name_is_known(where, name):
    assert CHAINS.resolve(name), where


@pytest.mark.parametrize("text", ["战略性新兴产业", "传统工业转型发展", "主导产业", "未来产业", "工业项目", "", "、"])
def test_a_heading_that_names_no_industry_stays_without_chain(text):
    assert CHAINS.resolve(text) == ()


@pytest.mark.parametrize(("text", "expected"), NAMED.values(), ids=NAMED)
def test_printed_lists_give_their_chains_in_order(text, expected):
    assert CHAINS.resolve(text) == expected


@pytest.mark.parametrize(("text", "node"), PRODUCTS.items())
def test_printed_products_have_a_node(text, node):
    assert node in CHAINS.resolve_nodes(text)
    assert CHAINS.node(node).id == node


def test_the_longest_name_counts_and_covers_the_shorter():
    assert CHAINS.resolve("新能源汽车") == ("nev",)
    assert CHAINS.resolve("新能源") == ("new-energy",)
    assert CHAINS.resolve("新能源、新能源汽车") == ("new-energy", "nev")


def test_a_longer_product_name_goes_to_its_own_chain():
    assert CHAINS.resolve("铝盐渣循环利用项目") == ("recycled-metals",)
    assert CHAINS.resolve("固废循环利用项目") == ("resource-recycling",)


def test_width_case_quotes_and_broken_lines_do_not_matter():
    assert CHAINS.resolve("５ｇ 产业\n园") == CHAINS.resolve("5G产业园") == ("telecommunications",)
    assert CHAINS.resolve('"双创"平台') == CHAINS.resolve("“双创”平台") == ("technology-services",)


def test_english_names_count_as_whole_words_only():
    assert CHAINS.resolve("A plant for Sensors in NEW-ENERGY VEHICLES") == ("sensors", "nev")
    assert CHAINS.resolve("biosensors") == ()


@given(st.lists(st.sampled_from(sorted(CHAINS.chains)), min_size=1, max_size=5, unique=True))
def test_any_list_of_chains_reads_back_from_its_own_names(ids):
    text = "、".join(CHAINS.chains[each].label.zh for each in ids)
    assert CHAINS.resolve(text) == tuple(ids)


@given(st.text(max_size=60))
def test_any_text_gives_known_chains_once_each(text):
    found = CHAINS.resolve(text)
    assert set(found) <= set(CHAINS.chains) and len(found) == len(set(found))


def test_henans_seven_are_official_and_ours_are_not():
    assert tuple(each.id for each in CHAINS.clusters.values() if each.official) == HENAN
    assert [each.id for each in CHAINS.clusters.values() if not each.official] == ["green", "services"]


@pytest.mark.parametrize("chain", CHAINS.chains.values(), ids=CHAINS.chains)
def test_every_chain_is_whole(chain):
    assert chain.cluster in CHAINS.clusters
    assert chain.label.en.isascii()
    assert CHAINS.colour(chain.id) == CHAINS.clusters[chain.cluster].colour
    assert len({node.label.zh for node in chain.nodes}) == len(chain.nodes)
    if re.search(r"\d{3}:\d+", chain.source):
        assert chain.sourced


@pytest.mark.parametrize("chain", [each for each in CHAINS.chains.values() if each.sourced], ids=lambda c: c.id)
def test_every_sourced_chain_has_upstream_midstream_and_downstream(chain):
    for segment in ("upstream", "midstream", "downstream"):
        assert CHAINS.nodes_of(chain.id, segment)
    by_segment = [node for code in vocab.load("segment").codes() for node in CHAINS.nodes_of(chain.id, code)]
    assert sorted(node.id for node in by_segment) == sorted(node.id for node in CHAINS.nodes_of(chain.id))


def test_unknown_chain_and_node_are_named_with_near_ones():
    with pytest.raises(DatasetError, match=r"no industry chain 'steel-mill'.*steel"):
        CHAINS.nodes_of("steel-mill")
    with pytest.raises(DatasetError, match=r"no chain node 'steel/none'.*steel/special-steel"):
        CHAINS.node("steel/none")


@pytest.mark.parametrize("vision", colour_vision.VISIONS)
def test_cluster_colours_are_told_apart_by_every_reader(vision):
    colours = [each.colour for each in CHAINS.clusters.values()]
    near, first, second = colour_vision.closest(colours, colour_vision.VISIONS[vision])
    assert near >= 0.1, (first, second)


def test_cluster_colours_stand_out_from_the_map():
    for cluster in CHAINS.clusters.values():
        assert colour_vision.distance(cluster.colour, "#f6f4ee") >= 0.2, cluster


GOOD = """
[[cluster]]
id = "metals"
zh = "金属"
en = "Metals"
colour = "#102030"
official = false

[[chain]]
id = "tin"
zh = "锡"
en = "Tin"
cluster = "metals"
gb4754 = { 32 = 1.0 }
source = "general knowledge"
sourced = false

[[chain.node]]
id = "tin/ore"
zh = "锡矿"
en = "Tin ore"
segment = "upstream"
"""


def test_an_operators_file_stands_in_for_ours(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(GOOD, encoding="utf-8")
    own = industry.load(path)
    assert own.resolve("锡与铁") == ("tin",) and own.node("tin/ore").segment == "upstream"
    assert own.chains["tin"].gb4754 == {"32": 1.0}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "tin"', 'id = "Tin"', ("[[chain]] 1 (Tin)", "key id", "lower-case")),
        ('id = "metals"', 'id = "me-tals"', ("[[cluster]] 1 (me-tals)", "key id", "underscores")),
        ('cluster = "metals"', 'cluster = "wood"', ("[[chain]] 1 (tin)", "key cluster", "Known: metals")),
        ('segment = "upstream"', 'segment = "top"', ("[[node]] 1 (tin/ore)", "key segment", "midstream")),
        ('id = "tin/ore"', 'id = "lead/ore"', ("[[node]] 1 (lead/ore)", "key id", "tin/<slug>")),
        ("32 = 1.0", "32 = 0.5", ("[[chain]] 1 (tin)", "key gb4754", "add up to 1")),
        ("32 = 1.0", "320 = 1.0", ("key gb4754", "two-digit")),
        ("32 = 1.0", "32 = -1", ("key gb4754", "positive")),
        ('colour = "#102030"', "", ("[[cluster]] 1 (metals)", "key colour", "#rrggbb")),
        ("sourced = false", 'sourced = "no"', ("key sourced", "true or false")),
        ('segment = "upstream"', 'segment = "upstream"\nalias = "x"', ("[[node]] 1", "key alias", "unknown key")),
        ('segment = "upstream"', 'segment = "upstream"\naliases = "x"', ("key aliases", "list of texts")),
        ("[[cluster]]", "[[group]]\n[[cluster]]", ("key group", "unknown key")),
        ("[[chain]]", '[[cluster]]\nid="metals"\nzh="甲"\nen="A"\ncolour="#000000"\nofficial=true\n[[chain]]',
         ("[[cluster]] 2 (metals)", "twice")),
    ],
)  # fmt: skip
def test_damage_is_named_with_file_entry_key_and_way_out(tmp_path, old, new, words):
    path = tmp_path / "damaged.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        industry.load(path)
    for word in ("damaged.toml", *words):
        assert word in caught.value.label.en
    assert "damaged.toml" in caught.value.label.zh


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.toml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"empty\.toml.*\[\[cluster\]\]"):
        industry.load(path)
