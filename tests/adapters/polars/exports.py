"""Files as banks, offices and other services write them: lines that tell of a table, the table, and notes below."""

from collections.abc import Sequence

from attrs import evolve, frozen


@frozen
class Export:
    """A file, and the table in it.

    Attributes:
        above: The lines above the table.
        header: Its header.
        row: Its rows, which have numbers of two digits in place of each ``@``.
        names: What its columns are called.
        below: The lines below it.
        delimiter: What stands between cells.
    """

    above: Sequence[str]
    header: Sequence[str]
    row: str
    names: Sequence[str]
    below: Sequence[str] = ()
    delimiter: str = ";"

    def text(self, rows: int, *, is_padded: bool = False) -> str:
        """The file, of so many rows; if asked for, with delimiters behind all lines of fewer cells."""
        table = [self.row.replace("@", str(number)) for number in range(10, 10 + rows)]
        lines = [*self.above, *self.header, *table, *self.below]
        most = self.header[0].count(self.delimiter)
        padded = [line + self.delimiter * (most - line.count(self.delimiter)) for line in lines]
        return "\r\n".join([*(padded if is_padded else lines), ""])


def _names(header: str, delimiter: str = ";") -> list[str]:
    return [name.strip('"') for name in header.rstrip(delimiter).split(delimiter)]


_ING = "Buchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung"
_ING_BELOW = ["Umsatzanzeige;Datei erstellt am: 01.02.2024 10:00", ""]
_ING_LINES = [
    "IBAN;DE12 3456 7890 1234 5678 90", "Kontoname;Girokonto", "Bank;ING", "Kunde;Erika Muster",
    "Zeitraum;01.01.2024 - 31.01.2024", "Saldo;1.234,56;EUR", "", "Sortierung;Datum absteigend", "",
    "In der CSV-Datei finden Sie alle bereits gebuchten Umsätze.", "",
]  # fmt: skip
ING = Export(
    [*_ING_BELOW, *_ING_LINES],
    [_ING],
    "@.01.2024;@.01.2024;REWE;Lastschrift;Einkauf @;1.2@,56;EUR;-@,99;EUR",
    [*_names(_ING)[:-1], "Währung_2"],
)
ING_UPDATED = evolve(ING, above=[_ING_BELOW[0], ";Letztes Update: aktuell", "", *_ING_LINES])

_DKB_OLD = (
    '"Buchungstag";"Wertstellung";"Buchungstext";"Auftraggeber / Begünstigter";"Verwendungszweck";"Kontonummer";"BLZ";'
    '"Betrag (EUR)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz";'
)
DKB_OLD = Export(
    [
        '"Kontonummer:";"DE33330333331112223334 / Girokonto";', "", '"Von:";"01.10.2018";', '"Bis:";"20.10.2018";',
        '"Kontostand vom 20.10.2018:";"1.234,56 EUR";', '"Betrag von:";"";"bis:";"";', "",
    ],
    [_DKB_OLD],
    '"@.10.2018";"@.10.2018";"Lohn, Gehalt, Rente";"X GmbH";"Zweck; @";"DE12";"BIC";"2.1@,00";"";"M";"";',
    _names(_DKB_OLD),
)  # fmt: skip

_DKB = '"Buchungsdatum";"Wertstellung";"Status";"Zahlungsempfänger*in";"Verwendungszweck";"IBAN";"Betrag (€)"'
DKB = Export(
    ['"Girokonto";"DE33330333331112223334"', '"Kontostand vom 25.08.2026:";"1.000,00 €"', '""'],
    [_DKB],
    '"@.08.26";"@.08.26";"Gebucht";"KAFFEEBAR//BERLIN/DE";"Karte";"DE1";"-@,40 €"',
    _names(_DKB),
)

_COMDIRECT = '"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";'
COMDIRECT = Export(
    [";", '"Umsätze Girokonto";"Zeitraum: 30 Tage";', '"Neuer Kontostand";"5.142,22 EUR";', ""],
    [_COMDIRECT],
    '"@.05.2024";"@.05.2024";"Lastschrift";"Auftraggeber: X Ref. @";"-@,00";',
    _names(_COMDIRECT),
)

_VR = '"Buchungstag";"Valuta";"Textschlüssel";"Zahlungsempfänger";"Verwendungszweck";"Währung";"Umsatz";"Soll/Haben"'
VOLKSBANK = Export(
    [
        '"Volksbank Beispiel"', "", '"Umsatzanzeige"', "", '"BLZ:";"12345678";;"Datum:";"02.02.2024"',
        '"Konto:";"1234567";;"Uhrzeit:";"10:11:12"', '"Abfrage von:";"Muster, Max";;"Kontoinhaber:";"Max Muster"', "",
        '"Zeitraum:";;"von:";"01.01.2024";"bis:";"31.01.2024"', '"Suchtext:";" "', "",
    ],
    [_VR],
    '"@.01.2024";"@.01.2024";"LASTSCHRIFT";"Shop";"Zweck @";"EUR";"@,00";"S"',
    _names(_VR),
)  # fmt: skip

BANK_OF_AMERICA = Export(
    [
        "Description,,Summary Amt.", 'Beginning balance as of 01/01/2024,,"1,000.00"', 'Total credits,,"500.00"',
        'Total debits,,"-200.00"', 'Ending balance as of 01/31/2024,,"1,300.00"', "",
    ],
    ["Date,Description,Amount,Running Bal."],
    '01/@/2024,"SHOP @","-@.00","900.00"',
    ["Date", "Description", "Amount", "Running Bal."],
    delimiter=",",
)  # fmt: skip

GENESIS = Export(
    ["Tabelle: 12511-0003", "Einbürgerungen: Deutschland, Jahre", "Einbürgerungsstatistik", "Deutschland"],
    ["Jahr;Land;Geschlecht;Geschlecht;Geschlecht", "Jahr;Land;männlich;weiblich;Insgesamt"],
    "20@;Island;@0;@5;1@5",
    ["Jahr Jahr", "Land Land", "Geschlecht männlich", "Geschlecht weiblich", "Geschlecht Insgesamt"],
    ["__________", "© Statistisches Bundesamt (Destatis), 2024", "Stand: 15.09.2024 / 23:31:47"],
)
GENESIS_OF_FOUR = evolve(
    GENESIS,
    header=[f";;{name}" for name in ("Fälle;Fälle;Fälle", "Wer;Wer;Wer", "männlich;weiblich;alle", "n;n;n")],
    names=["column_1", "column_2", "Fälle Wer männlich n", "Fälle Wer weiblich n", "Fälle Wer alle n"],
)

_WORLD_BANK = '"Country Name","Country Code","Indicator Name","Indicator Code","1960","1961","1962",'
WORLD_BANK = Export(
    ['"Data Source","World Development Indicators",', "", '"Last Updated Date","2024-05-30",', ""],
    [_WORLD_BANK],
    '"Land @","L@","Population, total","SP.POP.TOTL","@9","","2@7",',
    _names(_WORLD_BANK, ","),
    delimiter=",",
)

NOAA = Export(
    ["Contiguous U.S., Average Temperature, January", "Units: Degrees Fahrenheit", "Base Period: 1901-2000"],
    ["Date,Value,Anomaly"],
    "19@12,50.@,-0.@",
    ["Date", "Value", "Anomaly"],
    delimiter=",",
)  # fmt: skip

LOGGER = Export(
    ['"TOA5","CR1000","CR1000","1234","CR1000.Std.32","CPU:prog.CR1","5678","Table1"'],
    ['"TIMESTAMP","RECORD","BattV","PTemp_C","Rain"', '"TS","RN","Volts","Deg C","mm"', '"","","Min","Avg","Tot"'],
    '"2024-01-@ 10:00:00",@,12.@,2.5,0.@',
    ["TIMESTAMP TS", "RECORD RN", "BattV Volts Min", "PTemp_C Deg C Avg", "Rain mm Tot"],
    delimiter=",",
)

LINKEDIN = Export(
    ["Campaign Performance Report (in UTC)", "Report Start: January 1, 2024, 12:00 AM", ""],
    ["Start Date (in UTC)\tAccount Name\tCurrency\tTotal Spent\tClicks"],
    "01/@/2024\tAcme\tUSD\t@.5\t@",
    ["Start Date (in UTC)", "Account Name", "Currency", "Total Spent", "Clicks"],
    delimiter="\t",
)  # fmt: skip

MEMBERS = Export(["Mitgliederliste", ""], ["Name;Ort;Straße"], "Ann @a;Rom;Via @b", ["Name", "Ort", "Straße"])

REPORT = Export(
    ["Umsatzübersicht 2024", "Erstellt am;31.01.2024", "Filiale;Nord", ""],
    ["Monat;Artikel;Menge;Preis;Betrag"],
    "Januar;A@;@;@,50;@,25",
    ["Monat", "Artikel", "Menge", "Preis", "Betrag"],
)
