"""A wiki: its language, and its names for namespaces and redirects.

A dump's siteinfo names its namespaces, but not the aliases that its pages use, too. The aliases of the largest editions
are here, as their software declares them.
"""

import re
from typing import NamedTuple

ALWAYS_DROPPED = ("file", "image", "media", "category")


class Names(NamedTuple):
    """An edition's own names. Every edition also understands the English ones."""

    files: str
    categories: str
    redirects: str


EDITIONS: dict[str, Names] = {
    "ar": Names("ملف صورة وسائط ميديا", "تصنيف", "تحويل"),
    "arz": Names("ملف صورة وسائط ميديا", "تصنيف", "تحويل"),
    "ca": Names("fitxer imatge", "categoria", "redirecció"),
    "ceb": Names("payl imahen medya", "kategoriya", ""),
    "cs": Names("soubor obrázek média", "kategorie", "přesměruj"),
    "da": Names("fil billede", "kategori", "omdirigering"),
    "de": Names("datei bild medium", "kategorie", "weiterleitung"),
    "el": Names("αρχείο εικόνα μέσο", "κατηγορία", "ανακατευθυνση"),
    "es": Names("archivo imagen medio", "categoría", "redirección"),
    "fa": Names("پرونده تصویر مدیا رسانه", "رده", "تغییر_مسیر تغییرمسیر"),
    "fi": Names("tiedosto kuva", "luokka", "ohjaus uudelleenohjaus"),
    "fr": Names("fichier média", "catégorie", "redirection"),
    "he": Names("קובץ תמונה מדיה", "קטגוריה", "הפניה"),
    "hu": Names("fájl kép média", "kategória", "átirányítás"),
    "id": Names("berkas gambar", "kategori", "alih"),
    "it": Names("immagine", "categoria", "rinvia rinvio"),
    "ja": Names("ファイル 画像 メディア", "カテゴリ", "転送 リダイレクト"),
    "ko": Names("파일 그림 미디어", "분류", "넘겨주기"),
    "nl": Names("bestand afbeelding", "categorie", "doorverwijzing"),
    "no": Names("fil bilde medium", "kategori", "omdirigering"),
    "pl": Names("plik grafika", "kategoria", "patrz przekieruj tam"),
    "pt": Names("ficheiro arquivo imagem multimédia", "categoria", "redirecionamento"),
    "ro": Names("fișier fişier imagine", "categorie", "redirecteaza"),
    "ru": Names("файл изображение медиа", "категория", "перенаправление перенапр"),
    "sr": Names(
        "датотека слика медиј медија datoteka slika medij medija", "категорија kategorija", "преусмери"
    ),
    "sv": Names("fil bild", "kategori", "omdirigering"),
    "tr": Names("dosya resim medya ortam", "kategori", "yönlendi̇rme yönlendirme"),
    "uk": Names("файл зображення изображение медіа медиа", "категорія", "перенаправлення"),
    "vi": Names("tập_tin hình phương_tiện", "thể_loại", "đổi"),
    "war": Names("fayl paypay medya", "kaarangay", ""),
    "zh": Names("文件 檔案 档案 图像 圖像 图片 圖片 媒體 媒体 媒体文件", "分类 分類", "重定向 重新導向"),
}
REDIRECT = re.compile(r"\s*#\s*([^\W\d]+)\s*:?\s*\[\[")


class Wiki(NamedTuple):
    """A wiki: its language, and the namespaces (lower-cased) whose links are no text."""

    language: str = "en"
    dropped: frozenset[str] = frozenset(ALWAYS_DROPPED)


def of(language: str, namespaces: frozenset[str]) -> Wiki:
    """Returns the wiki of a language. `namespaces` has those of files and categories in a dump."""
    names = EDITIONS.get(language, Names("", "", ""))
    own = (name.replace("_", " ") for name in f"{names.files} {names.categories}".split())
    return Wiki(language, frozenset({*ALWAYS_DROPPED, *own, *namespaces}))


def is_redirect(wikitext: str, language: str) -> bool:
    """Whether a page only leads to another. Old dumps say this only in the page's text."""
    found = REDIRECT.match(wikitext)
    words = f"redirect {EDITIONS[language].redirects if language in EDITIONS else ''}".split()
    return bool(found) and found is not None and found[1].lower() in words
