"""Names of templates, in lower case, by the kind of their words. template_words.py writes the words."""


def names_in(text: str) -> list[str]:
    """Returns the names in a list, in which underscores replace the spaces of a name."""
    return [name.replace("_", " ") for name in text.split()]


NOTHING = names_in(
    """
    cmain harvid geobox2 div_col div_col_end colbegin colend col-begin col-end col-break
    col-2 col-3 col-4 col-5 legend bar_box ref refn efn efn-la efn-ua efn-lr sfn sfnp
    sfnm sfnmp r rp citation_needed cn fact cite clarify clarification_needed dubious
    vague who? who whom? when when? where which which? by_whom by_whom?
    according_to_whom according_to_whom? why why? how how? specify verify_source vs
    failed_verification page_needed pages_needed better_source better_source_needed
    unreliable_source? unreliable_source primary_source_inline primary_source-inline
    original_research_inline original_research? or pov-inline pov_statement
    neutrality_inline disputed-inline disputed_inline dead_link webarchive wayback
    cbignore subscription subscription_required registration_required paywall
    update_after update_inline out_of_date obsolete_source full full_citation_needed
    verification_needed nonspecific non-primary_source_needed third-party_inline
    third-party_source_needed year_needed relevance_inline undue_inline undue-inline
    self-published_inline self-published_source sps tone_inline peacock_inline
    weasel-inline weasel_inline quantify examples example_needed definition needs_update
    clear clr clear_left clear_right - anchor anchors shortcut shy zwj zwnj zwsp wbr
    flagicon flag_icon flagdeco icon increase decrease steady increasenegative
    decreasepositive increaseneutral decreaseneutral gain loss profit nochange up down
    main see_also seealso further details about for redirect redirect2 other_uses
    distinguish hatnote rellink reflist refbegin refend notelist references notes
    use_dmy_dates use_mdy_dates use_british_english use_american_english engvarb commons
    commons_category commonscat wikiquote wikisource wiktionary wikibooks
    sister_project_links portal portal-inline authority_control coord_missing
    defaultsort displaytitle italic_title toc tocleft tocright toc_right toc_limit
    good_article featured_article pp pp-move-indef pp-semi-indef pp-protected listen
    audio multiple_image double_image infobox navbox taxobox speciesbox cite_web
    cite_book cite_journal cite_news cite_encyclopedia cite_press_release cite_av_media
    cite_episode cite_conference cite_report cite_thesis cite_magazine cite_tweet
    cite_map cite_video cite_dvd cite_dvd_notes cite_album_notes cite_av_media_notes
    cite_podcast cite_interview cite_court cite_quran cite_iucn cite_patent isbn issn
    oclc doi bibcode arxiv pmid pmc jstor lccn hdl asin gbooks google_books google_maps
    openstreetmap osmrelation-inline imdb_name imdb_title official_website official
    youtube twitter facebook internet_archive_author librivox_author gutenberg_author
    commons-inline wikisource-inline en_icon de_icon fr_icon es_icon it_icon ru_icon
    ja_icon zh_icon pt_icon nl_icon pl_icon ca_icon languageicon language_icon
    link_language in_lang dropcap drop_cap 0 pad padding figure_space figspace noprint
    fakt quelle belege_fehlen belege nachweis fn fndw anker refsou source_insuffisante
    quoi? qui? quand? où? combien? précision_nécessaire note notes_et_références ancre
    cita_requerida demostrar cr ¿cuándo? ¿quién? cuándo quién aclaración_requerida
    fuente_mejor enlace_roto carece_de_fontes carece_de_fontes2 quem quando onde âncora
    dn нет_ап_1 нет_аи нет_аи_2 источник источник? уточнить что? кто? когда? какой? где?
    неавторитетный_источник sfn0 якорь сноска bron? wie? wanneer? feit källa_behövs
    källa? kb citat_behövs när? vem? fråga przypis kto kiedy odn 要出典 誰 いつ 要説明 要検証 r2
    sfn2 refnest 脚注 anchors2 来源请求 來源請求 fact2 需要解释 谁 何时 nt cần_dẫn_nguồn
    cần_nguồn_tốt_hơn nào ai khi_nào chú_thích_web نیازمند_منبع چه_کسی مصدر بحاجة_لمصدر
    من متى كيف 출처 출처_필요 누가 언제 각주 butuh_rujukan siapa kapan lähde lähde? kuka milloin
    doplňte_zdroj kdo kdy kdo? forrás mikor ki
    """
)
FIRST = names_in(
    """
    nowrap nobr nowr nobreak nbr abbr abbrlink abbreviation abbr. small smaller midsize
    big bigger large larger resize1 quote blockquote cquote quotation bquote
    centered_pull_quote pull_quote keypress key_press key sc smallcaps small_caps sc1
    sc2 sc3 aut em strong strongbad bold italic i b u ul underline ital noitalic nobold
    noitalics normal sub sup subsub overline var code mono tt kbd samp tlx vanchor
    visible_anchor sic as_written not_a_typo notatypo typo proper_name tooltip unicode
    polytonic script unicode_fonts nastaliq nq hebrew hebrew2 arabic script/arabic
    script/hebrew zh-s hangul linktext1 as_of_text avoid_wrap longitem nonfree transl1
    chem2 ce chemf chemform angbr_ipa pronunciation_text grey gray green red blue brown
    orange purple yellow white silver maroon navy fontcolor1 strikethrough s del strike
    citation_needed_span clarify_span text highlight hl mark tq tqq xt block_indent
    indent pre2 quad center align1 native_name_text phonetic no_italic title-ref
    first_word lc1 sangitalic single+double single_double book_title small2 petit
    petite_capitale pc pc2 pcap exp ind abréviation abrev abbrev référence_nécessaire
    refnec référence_souhaitée citation_nécessaire souligné surligner
    citazione_necessaria maiuscoletto senza_fonte passo_non_chiaro comillas versalita
    esd versalitas unidad1 cita cita_citada subíndice citat cytat cytat_blokowy
    cite_quote 要出典範囲 仮リンク 日本語版にない記事リンク link-en link-ja link-de link-fr link-ru link-ko
    tsl1 le bd1 internal_link_helper 黑體 粗體 補助漢字 補助漢字フォント jis2004フォント cjk kbd2 сокр s2
    nobr2 не_переведено_1 comment скрытый text_size
    """
)
LAST = names_in(
    """
    transl transliteration translit script_text resize font_color fontcolor color colour
    color_box_text textcolor font coloré couleur färg rtl-lang rtl_lang hover_title
    lang2 langue llang langwithname lang-x text_color size fontsize font_size bg llangue
    шрифт цвет
    """
)
SPACED = names_in("linktext zwischenzeile date- nombre_en datum jahr juliangregdate julgregdatum")
JOINED = names_in("gaps chem chemistry gap nbhyph joined")
LINKS = names_in(
    "ill interlanguage_link interlanguage_link_multi ill2 illm link-interwiki iw iw2 red_link nsl w-link il link_forced"
)
SHIPS = names_in(
    """
    hms uss rms ss mv ms hmas hmcs hmnzs hmhs hmis usns usat uscgc ins orp sms css rfa
    hmt hmy sv rv rrs usav uss2 hdms hnoms hswms hnlms nrp bap ara ark bns ussrs rts jds
    jmsdf pns kri knm hsms icgs usrc usfc usfs noaas
    """
)
CONSTANTS = {
    **dict.fromkeys(
        names_in("nbsp spaces space sp thinsp thin_space hair_space hairsp nnbsp ensp emsp quad2 spc"), " "
    ),
    **dict.fromkeys(names_in("snd spnd spaced_ndash spaced_en_dash dash snds sndash"), " – "),
    **dict.fromkeys(names_in("ndash en_dash endash nsndns"), "–"),
    **dict.fromkeys(names_in("mdash em_dash emdash mdashb spaced_mdash"), "—"),
    **dict.fromkeys(names_in("· middot dot bold_middot bolddot • bull bullet ∙ *"), " · "),
    "!": "|",
    "": "||",
    "(!": "{|",
    "!)": "|}",
    "!-": "|-",
    "!+": "|+",
    "((": "&#123;&#123;",
    "))": "&#125;&#125;",
    "(": "&#123;",
    ")": "&#125;",
    "=": "=",
    "'": "’",
    "'s": "’s",
    "s'": "s’",
    "pipe": "&#124;",
    "sdot": "⋅",
    "minus": "−",
    "eqm": "⇌",
    "times": "×",
    "x": "×",
    "pm": "±",
    "±": "±",
    "degree": "°",
    "deg": "°",
    "pi": "π",
    "hairspace": " ",
    "ell": "ℓ",
    "hbar": "ħ",
    "...": "…",
    "ellipsis": "…",
    "ordm": "º",
    "ordf": "ª",
    "prime": "′",
    "number": "#",
    "no.": "No.",
    "numero": "№",
    "n°": "no",
    "n.": "n.",
    "#": "#",
    "av jc": "av. J.-C.",
    "av. j.-c.": "av. J.-C.",
    "ap jc": "ap. J.-C.",
    "ap. j.-c.": "ap. J.-C.",
    "-s": " av. J.-C.",
    "'\"": "’”",
    "\"'": "”’",
    "1er": "1er",
    "1re": "1re",
    "xixe siècle": "XIXe siècle",
    "xxe siècle": "XXe siècle",
    "xviiie siècle": "XVIIIe siècle",
    "yes": "Yes",
    "no": "No",
    "n/a": "N/A",
    "none": "None",
    "unknown": "Unknown",
    "tba": "TBA",
    "sequence": "",
    ",": "",
    "' \"": "’ ”",
    "\" '": "” ’",
    "xviie siècle": "XVIIe siècle",
    "xvie siècle": "XVIe siècle",
    "xxie siècle": "XXIe siècle",
    "et al.": "et al.",
    "etal": "et al.",
    "aka": "a.k.a.",
    "i.e.": "i.e.",
    "e.g.": "e.g.",
    "okina": "ʻ",
    "hamza": "ʾ",
    "ayin": "ʿ",
    "wbrsp": " ",
    "sp,": " ",
    "°": "°",
    "zws": "",
}
DATES = names_in(
    """
    start_date end_date start_date_and_age end_date_and_age birth_date
    birth_date_and_age birth-date birth-date_and_age dob bda birth_year_and_age
    release_date film_date start-date end-date dts date_table_sorting death_date
    death_year_and_age death-date fecha nacimiento data_de_nascimento geboren date_time
    dati
    """
)

_CODES = """
    ar Arabic az Azerbaijani be Belarusian bg Bulgarian bn Bengali bo Tibetan br Breton bs Bosnian
    ca Catalan cs Czech cy Welsh da Danish de German el Greek en English eo Esperanto es Spanish et
    Estonian eu Basque fa Persian fi Finnish fr French fy West_Frisian ga Irish gd Scottish_Gaelic
    gl Galician grc Ancient_Greek gu Gujarati he Hebrew hi Hindi hr Croatian hu Hungarian hy
    Armenian id Indonesian is Icelandic it Italian ja Japanese ka Georgian kk Kazakh km Khmer kn
    Kannada ko Korean ku Kurdish ky Kyrgyz la Latin lb Luxembourgish lo Lao lt Lithuanian lv Latvian
    mi Māori mk Macedonian ml Malayalam mn Mongolian mr Marathi ms Malay mt Maltese my Burmese ne
    Nepali nl Dutch no Norwegian nn Norwegian_Nynorsk nb Norwegian_Bokmål oc Occitan os Ossetian pa
    Punjabi pl Polish ps Pashto pt Portuguese ro Romanian ru Russian rus Russian sa Sanskrit sd
    Sindhi si Sinhala sk Slovak sl Slovene so Somali sq Albanian sr Serbian sr-cyrl Serbian_Cyrillic
    sv Swedish sw Swahili ta Tamil te Telugu tg Tajik th Thai tk Turkmen tl Tagalog tr Turkish tt
    Tatar uk Ukrainian ur Urdu uz Uzbek vi Vietnamese xh Xhosa yi Yiddish yo Yoruba zh Chinese zu
    Zulu af Afrikaans am Amharic ang Old_English ota Ottoman_Turkish fil Filipino haw Hawaiian gsw
    Swiss_German nds Low_German
""".split()  # noqa: SIM905
LANGUAGE_NAMES = {code: name.replace("_", " ") for code, name in zip(_CODES[::2], _CODES[1::2], strict=True)}
"""What the English Wikipedia writes before words of another language, by the code of the language."""
