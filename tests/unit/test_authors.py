from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.metadata.authors import Name, parse
from copydesk.metadata.authors.name_case import fix_name_case
from schemas.fields import MAX_LIST_CHARS, MAX_LIST_ITEMS, MAX_STRING_CHARS
from tests.helpers.cases import cases

CLEAN = """
John Smith|J. K. Rowling|J.K. Rowling|Michael J. Mooney|Susan B. Glasser|Mark L Goldberg|Nathan AM Smith|MA Sullivan
Van Morrison|Byron Smith|Desmond Tutu|Ian Andrews|Sandy Anderson|Kurt Vonnegut|Abigail Van Buren|Daniel D. Von Hoff
Conan O’Brien|Lindsey O'Donnell|Marissa McGilvery|Norm MacDonald|Mike D’Angelo|Feargus O'Sullivan|Gerald FitzGerald
Martin Luther King, Jr.|John Smith, Jr.|Carlos Dobkin, PhD|Dr. med. Anna Bell|Dr. Thomas Hanstein|Sen. David Perdue
Nicholas St. Fleur|Ryan J. Reilly III|DJ Khaled|will.i.am|bell hooks|danah boyd|50 Cent|A.F. Branco|H.H.|Joe S.
Theresa May|April Glaser|Jude Law|Frank Press|Anna Post|Bill Cook|Al Root|Chien-Ming Wang|Yo-Yo Ma|Dan Evon
Ursula von der Leyen|von der Leyen|Justus von Daniels|Wolfgang Büchner|Jörg Meuthen|Karl-Theodor zu Guttenberg|Max Weiß
Marie Lisa Kehler|Wigbert Löer|Vincent van Gogh|Robin van der Berg|Sophie in 't Veld|Ruben Östlund|IJsbrand Chardon
de la Cruz|José Ortega y Gasset|Santiago Ramón y Cajal|María José|Andrés|Andrés Manuel López Obrador
Gabriel García Márquez|António Costa e Silva
Luiz Inácio Lula da Silva|Elio Di Rupo|Alessandro Del Piero|Dell'Orto|Lluís Domènech i Montaner
Marine Le Pen|Kristen Falc'hon|Titiou Lecoq|Philippe Douroux|Dominique de Villepin|Jean d’Ormesson|Émile Zola
Łukasz Warzecha|Małgorzata Szpakowská|Václav Havel|Jiří Paroubek|Orbán Viktor|Kovács Éva|Ion Țiriac|Đorđe Balašević
Björk Guðmundsdóttir|Håkon Wium Lie|Sauli Niinistö|Jüri Ratas|Kristīne Lāce|Vytautas Landsbergis|Şəhriyar Əliyev
İbrahim Kalın|Ayşe Işık|Recep Tayyip Erdoğan|Enver Hoxha|Gal·la Martínez|Eusko Jaurlaritza
Лев Толстой|Романова Любовь|Наталья Иванова-Гладильщикова|А. С. Пушкин|Олександр Усик|Мар'яна Безугла|вася
Γιώργος Σεφέρης|Νίκος Καζαντζάκης|Նիկոլ Փաշինյան|ილია ჭავჭავაძე|აკაკი წერეთელი
王小明|欧阳修|文在寅|唐纳德·特朗普|中村 真子|さくらももこ|ジョン・スミス|村上春樹|김정은|이영희|봉준호
محمد بن سلمان|أحمد علي|نجيب محفوظ|علی خامنه‌ای|בנימין נתניהו|עמוס עוז|नरेन्द्र मोदी|রবীন্দ্রনাথ ঠাকুর
สมชาย ใจดี|ธนาธร จึงรุ่งเรืองกิจ|Nguyễn Văn An|Trần Đại Quang|Nguyễn Phú Trọng|Suharto|Joko Widodo|Megawati
Ali al-Masri|Mohammed bin Salman|Khalid el-Sisi|Mao Zedong|Kim Jong-un|Lee Jae-myung|Aung San Suu Kyi|Chinua Achebe
Guardian staff reporter|Associated Press|REUTERS|AFP|Redaktion|Redacción|CBS News|Agence France-Presse|Staff Writer
Deutsches Rotes Kreuz e.V.|The Editorial Board|BBNTEAM|steventroughtonsmith|jonzn4SUSE|Flo9r|Newsroom|编辑部|Редакция
"""
NAMES = [name for line in CLEAN.strip().splitlines() for name in line.split("|")]

COMMON = st.sampled_from(
    "By by von Von y and und & , ; | / - : · Anna Bell MÜLLER Max de la van der Smith, John Jr. PhD Reporter "
    "Writer for CNN in Berlin (AP) @anna a@b.c 12 May 2019, Photos Fotos: Текст: Иван Петров и 記者 王小明 "
    "文/ 기자 is a 김철수 O'BRIEN İBRAHİM said The Guardian sagt: MCDONALD AL-MASRI http://x.y "
    "( ) … \ud800 \x00".split(" ")
)


def cpu_seconds(raws: list[str]) -> float:
    spent = []
    for _ in range(2):
        start = time.process_time()
        parse(raws)
        spent.append(time.process_time() - start)
    return min(spent)


def texts(*raws: str) -> list[str]:
    return [name.text for name in parse(raws)]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold().replace("ı", "i")))


@pytest.mark.parametrize("case", cases("authors"))
def test_bylines_are_read_and_what_could_be_a_name_stays(case: dict[str, Any]) -> None:
    assert texts(*case["raw"]) == case["expect"]


@pytest.mark.parametrize("name", NAMES)
def test_a_clean_name_comes_back_as_it_is(name: str) -> None:
    assert texts(name) == [name]


@pytest.mark.parametrize("name", [name for name in NAMES if " " in name and name[0].isupper() and name.isascii()])
def test_by_goes_from_in_front_of_a_name(name: str) -> None:
    assert texts(f"By {name}") == [name]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("JOHN SMITH", "John Smith"),
        ("anna bell", "Anna Bell"),
        ("RONAN MCDONALD", "Ronan McDonald"),
        ("NORM MACDONALD", "Norm MacDonald"),
        ("EMMANUEL MACRON", "Emmanuel Macron"),
        ("CONAN O’BRIEN", "Conan O’Brien"),
        ("mike d'angelo", "Mike D'Angelo"),
        ("KRISTEN FALC'HON", "Kristen Falc'hon"),
        ("ROBIN VAN DER BERG", "Robin van der Berg"),
        ("URSULA VON DER LEYEN", "Ursula von der Leyen"),
        ("VAN MORRISON", "Van Morrison"),
        ("PENÉLOPE DE LA CRUZ", "Penélope de la Cruz"),
        ("JEAN-PIERRE LÉAUD", "Jean-Pierre Léaud"),
        ("ALI AL-MASRI", "Ali al-Masri"),
        ("J.K. ROWLING", "J.K. Rowling"),
        ("J. R. R. TOLKIEN", "J. R. R. Tolkien"),
        ("MARTIN LUTHER KING, JR.", "Martin Luther King, Jr."),
        ("LOUIS GATES III", "Louis Gates III"),
        ("DJ KHALED", "DJ Khaled"),
        ("AMY NG", "Amy Ng"),
        ("IJSBRAND CHARDON", "IJsbrand Chardon"),
        ("İBRAHİM YILDIZ", "İbrahim Yıldız"),
        ("İBRAHİM", "İbrahim"),
        ("JÖRG WEIß", "Jörg Weiß"),
        ("ΓΙΑΝΝΗΣ ΠΑΠΑΔΟΠΟΥΛΟΣ", "Γιαννης Παπαδοπουλος"),
        ("ИВАН ПЕТРОВ-ВОДКИН", "Иван Петров-Водкин"),
        ("В'ЯЧЕСЛАВ ЧОРНОВІЛ", "В'ячеслав Чорновіл"),
        ("ՆԻԿՈԼ ՓԱՇԻՆՅԱՆ", "Նիկոլ Փաշինյան"),
        ("ᲘᲚᲘᲐ ᲭᲐᲕᲭᲐᲕᲐᲫᲔ", "ილია ჭავჭავაძე"),
        ("Jean DUPONT", "Jean Dupont"),
        ("UNICEF", "UNICEF"),
        ("welington", "welington"),
    ],
)
def test_a_name_in_one_case_gets_its_own(raw: str, name: str) -> None:
    assert fix_name_case(raw) == name
    assert fix_name_case(name) == name


def test_each_name_tells_which_raw_string_it_is_from() -> None:
    assert parse(["By Anna Bell", "Staff Writer", "Max Ray"]) == (Name("Anna Bell", 0), Name("Max Ray", 2))


def test_the_spelling_with_a_case_of_its_own_wins() -> None:
    assert parse(["ANNA MACASKILL", "Anna MacAskill"]) == (Name("Anna MacAskill", 1),)


@pytest.mark.parametrize("raw", ["", "9.11.2019", "12:30", "2019年4月28日", "https://example.org/a", "—", "42"])
def test_what_names_nobody_gives_no_name(raw: str) -> None:
    assert parse([raw]) == ()


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_can_be_read_and_reading_again_changes_nothing(raws: list[str]) -> None:
    names = texts(*raws)
    assert texts(*names) == names


@given(st.lists(st.lists(COMMON, max_size=12).map(" ".join), max_size=3))
def test_parsing_any_byline_is_idempotent(raws: list[str]) -> None:
    names = texts(*raws)
    assert texts(*names) == names
    assert all(name and name == name.strip() for name in names)


@given(st.lists(COMMON, max_size=12).map(" ".join))
def test_names_are_made_of_what_came(raw: str) -> None:
    came = _letters(raw)
    assert all(_letters(word) in came for name in texts(raw) for word in name.split())


@pytest.mark.parametrize(
    "part",
    "a|A |Anna Bell, |by |(|()|@|@a |1 |12 May 2019 |\u0301|\ud800|\x00|: |and |y |A'|Editor |The |.|-| - |/|记者|"
    "李明、|기자 |A.|von |www.|Anna y Max |a@b.c |A B. ".split("|"),
)
def test_long_and_hostile_bylines_are_read(part: str) -> None:
    parse([part * 20] * 50)
    short, long = (cpu_seconds([part * (chars // len(part))]) for chars in (MAX_STRING_CHARS // 4, MAX_STRING_CHARS))
    assert long < 8 * short + 0.05


@pytest.mark.parametrize("part", ["Anna Bell, ", "Anna y Max ", "李明、"])
def test_the_longest_list_of_bylines_is_read(part: str) -> None:
    chars = MAX_LIST_CHARS // MAX_LIST_ITEMS
    assert parse([part * (chars // len(part))] * MAX_LIST_ITEMS)
