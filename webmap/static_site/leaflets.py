"""The files that explain a site to whoever serves or opens it: README, nginx, robots, sitemap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import urlsplit

from webmap.security import content_security_policy
from webmap.static_site.edition import Edition
from webmap.views.pages_render import Frame

MOST_ADDRESSES = 50_000  # in a sitemap, sitemaps.org


def nginx(edition: Edition, url: str) -> str:
    """Directives for a `server` block of nginx; brotli lines wait for its module."""
    path = urlsplit(url).path or "/"
    policy = content_security_policy(edition.config)
    return NGINX.format(path=path, policy=policy, version=edition.site.snapshot.version)


def readme(edition: Edition, *, zipped: bool) -> str:
    """What the folder is, how to open or serve it, and where its data come from; in Chinese, then in English."""
    with edition.reading("zh"):
        facts = list(_facts(edition, "zh"))
    with edition.reading("en"):
        english = list(_facts(edition, "en"))
    opened = OPENED if zipped else SERVED
    return "\n".join((*facts, "", opened[0], "", "-" * 60, "", *english, "", opened[1], ""))


def _facts(edition: Edition, lang: str) -> Iterator[str]:
    frame = Frame()
    title = edition.config.title.text(lang)
    licence = " ".join(filter(None, (edition.config.licence, edition.config.licence_url)))
    yield f"{title}\n{'=' * 2 * len(title)}"
    if lang == "zh":
        yield f"数据时间：{frame.data_date or '未注明'}；数据版本：{edition.site.snapshot.version}"
        yield f"行政区划来源：{frame.boundaries}"
        yield f"审图号：{frame.map_approval or '未配置。公开展示地图前须取得审图号并写入配置（map_approval）'}"
        yield "各条内容的出处、时间和位置精度见其页面；导出文件中同样写明。"
        if frame.has_demo:
            yield "其中含演示数据：均以“演示数据”标出，不是事实，不得引用。"
        yield f"数据许可：{licence or '管理单位尚未声明'}。引用请注明出处和时间；行政区划边界的许可以其来源为准。"
    else:
        yield f"Data as of: {frame.data_date or 'not stated'}; version: {edition.site.snapshot.version}"
        yield f"Boundaries: {frame.boundaries}"
        yield f"Map approval number: {frame.map_approval or 'none configured; a map shown in public in China needs one'}"
        yield "Source, date and precision of every item stand on its page and in the exported files."
        if frame.has_demo:
            yield "Demonstration data are among them: marked as such everywhere, no facts, not to be quoted."
        yield f"Licence of the data: {licence or 'not stated by who runs this site'}. Name source and date. Boundaries: as their source says."


def sitemap(url: str, pages: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """`sitemap.xml`, an index of several where there are too many pages for one, and `robots.txt`."""
    addresses = [url + page for page in sorted(pages)]
    parts = [addresses[start : start + MOST_ADDRESSES] for start in range(0, len(addresses), MOST_ADDRESSES)]
    if len(parts) == 1:
        yield "sitemap.xml", _listed("urlset", "url", parts[0])
    else:
        for number, part in enumerate(parts):
            yield f"sitemap-{number}.xml", _listed("urlset", "url", part)
        index = [f"{url}sitemap-{number}.xml" for number in range(len(parts))]
        yield "sitemap.xml", _listed("sitemapindex", "sitemap", index)
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {url}sitemap.xml\n".encode()


def _listed(root: str, entry: str, addresses: Iterable[str]) -> bytes:
    lines = "".join(f"<{entry}><loc>{escape(address)}</loc></{entry}>\n" for address in addresses)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{space}">\n{lines}</{root}>\n'.encode()


NGINX = """\
# Relitu 静态站点 / static site, data version {version}
# 写入 server 块，把 /srv/relitu/ 换成站点的文件夹（末尾的斜杠要留）。
# Put this into a server block; replace /srv/relitu/ by the folder of the site (keep the slash at the end).

location {path} {{
    alias /srv/relitu/;
    index index.html;
    charset utf-8;
    error_page 404 {path}404.html;

    # 文本文件旁有预压缩的 .gz 和 .br；装有 ngx_brotli 模块时可启用 brotli_static。
    # Compressed forms lie beside the texts; with the module ngx_brotli brotli_static may be switched on.
    gzip_static on;
    gzip_vary on;
    # brotli_static on;

    # 这些地址随内容变化，可缓存一年，其余每次核对。
    # These addresses change with their content and may be kept for a year; all else is asked for again.
    set $relitu_cache "no-cache";
    if ($uri ~ "^{path}(assets|data|tiles/[0-9a-f]+)/") {{
        set $relitu_cache "public, max-age=31536000, immutable";
    }}
    add_header Cache-Control $relitu_cache;
    add_header Content-Security-Policy "{policy}";
    add_header X-Content-Type-Options nosniff;
    add_header Referrer-Policy strict-origin-when-cross-origin;
    add_header Cross-Origin-Opener-Policy same-origin;
    types {{
        text/html html; text/css css; text/javascript js; image/svg+xml svg; image/png png; text/plain txt;
        text/xml xml; text/csv csv; application/json json; application/geo+json geojson;
        application/vnd.mapbox-vector-tile mvt; application/vnd.google-earth.kml+xml kml;
        application/geopackage+sqlite3 gpkg; application/zip zip;
        application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx;
    }}
}}
"""

SERVED = (
    """\
用任何静态网页服务器或 CDN 提供本文件夹即可，无需 Python。nginx 配置见 nginx.conf。
assets/、data/ 和 tiles/<版本>/ 下的文件地址随内容变化，可缓存一年；其他文件每次核对（no-cache）。
文本文件旁有 .gz 和 .br 预压缩文件。再次运行 relitu publish --static 会整体替换，没有变化的文件保持原样。
需要服务器的功能（工作人员页面、接口、嵌入代码）不在其中。""",
    """\
Any static web server or CDN serves this folder; no Python is needed. For nginx see nginx.conf.
Addresses below assets/, data/ and tiles/<version>/ change with their content and may be kept for a year; all other
files should be asked for again (no-cache). Beside texts lie .gz and .br forms. Another run of relitu publish --static
replaces the folder as a whole; files that did not change stay as they are.
What needs a server (staff pages, API, embed codes) is not included.""",
)
OPENED = (
    """\
双击 index.html 即可打开（英文版为 en/index.html）；也可放到任何网页服务器上。不访问网络，不需要安装任何软件。
筛选、列表、热力和区划统计都在浏览器中计算。需要服务器的功能（工作人员页面、接口、嵌入代码）不在其中。""",
    """\
Open index.html with a double click (en/index.html in English), or put the folder on any web server. Nothing is fetched
from a network, nothing has to be installed. Filters, lists, heat and coloured counties are worked out in the browser.
What needs a server (staff pages, API, embed codes) is not included.""",
)
