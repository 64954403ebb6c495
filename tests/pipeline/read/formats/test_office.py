import io
import zipfile

from massivetext.pipeline.read import text
from massivetext.pipeline.read.formats.office import OFFICE, TABLE, TEXT, W
from massivetext.pipeline.read.record import Failure, Found, Input, Record

WORD = f"xmlns:w='{W[1:-1]}'"
OPEN = f"xmlns:office='{OFFICE[1:-1]}' xmlns:text='{TEXT[1:-1]}' xmlns:table='{TABLE[1:-1]}'"
TITLE = "<c xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>The  Mill</dc:title></c>"


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def docx(body: str) -> bytes:
    document = f"<w:document {WORD}><w:body>{body}</w:body></w:document>"
    return zipped(word__document=document, docProps__core=TITLE)


def odt(body: str) -> bytes:
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:document-content {OPEN}>{text}</office:document-content>"
    return zipped(**{"META-INF__manifest": "<m/>", "content": content, "meta": TITLE})


def read(data: bytes) -> list[Found]:
    return list(text.read(Input("a", io.BytesIO(data))))


def run(content: str) -> str:
    return f"<w:r><w:t>{content}</w:t></w:r>"


def test_a_word_document() -> None:
    body = (
        f"<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr>{run('Head')}</w:p>"
        f"<w:p>{run('One ')}<w:ins>{run('new ')}</w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        f"<w:hyperlink>{run('link')}</w:hyperlink><w:r><w:tab/><w:t>tab</w:t><w:br/><w:t>line</w:t></w:r></w:p><w:p/>"
        f"<w:tbl><w:tr><w:tc><w:p>{run('a')}</w:p><w:p>{run('b')}</w:p></w:tc><w:tc><w:p>{run('c')}</w:p></w:tc></w:tr></w:tbl>"
        f"<w:sdt><w:sdtContent><w:p>{run('control')}</w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert read(docx(body)) == [
        Record(0, "Head\n\nOne new link\ttab\nline\n\na b\tc\n\ncontrol", None, "The Mill")
    ]


def test_an_opendocument_text() -> None:
    body = (
        "<text:tracked-changes><text:p>old</text:p></text:tracked-changes><text:h>Head</text:h>"
        "<text:p>One <text:span>span</text:span><text:s text:c='2'/>two<text:note><text:p>foot</text:p></text:note>"
        "<text:line-break/>line<office:annotation><text:p>comment</text:p></office:annotation>.</text:p>"
        "<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert read(odt(body)) == [Record(0, "Head\n\nOne span  two\nline.\n\nitem\n\na\tb", None, "The Mill")]


def test_bad_documents_are_failures() -> None:
    good = docx(f"<w:p>{run('text')}</w:p>")
    for data, error in (
        (docx("<w:p>"), "word/document.xml: "),
        (docx(""), "the document holds no text"),
        (good[:-30], "the file is a zip archive, and kind text reads"),
        (
            zipped(xl__workbook="<x/>"),
            "the file is an Excel workbook (save its sheets as CSV), and kind text reads",
        ),
        (zipped(a="<x/>"), "the file is a zip archive, and kind text reads"),
    ):
        (failure,) = read(data)
        assert isinstance(failure, Failure)
        assert failure.error.startswith(error)


def test_entities_are_not_expanded() -> None:
    bomb = "<!DOCTYPE w:document [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
    data = zipped(
        word__document=f"{bomb}<w:document {WORD}><w:body><w:p>{run('x&b;y')}</w:p></w:body></w:document>"
    )
    (record,) = read(data)
    assert isinstance(record, Record)
    assert "aaa" not in record.text
