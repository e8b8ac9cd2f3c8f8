//! The units: what they measure, and how many of the base unit one of them is. Every factor is exact by definition.

/// A unit.
#[derive(Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its names; the first is the one it is shown by.
    pub names: &'static [&'static str],
    /// What it measures.
    pub kind: &'static str,
    /// How many base units one is: a decimal, or a fraction of two.
    pub factor: &'static str,
    /// What is added before the factor is applied; only temperatures have it.
    pub offset: &'static str,
}

const fn unit(kind: &'static str, names: &'static [&'static str], factor: &'static str) -> Unit {
    Unit { names, kind, factor, offset: "0" }
}

const fn degree(names: &'static [&'static str], factor: &'static str, offset: &'static str) -> Unit {
    Unit { names, kind: TEMPERATURE, factor, offset }
}

const LENGTH: &str = "length";
const MASS: &str = "mass";
const TIME: &str = "time";
const TEMPERATURE: &str = "temperature";
const AREA: &str = "area";
const VOLUME: &str = "volume";
const SPEED: &str = "speed";
const PRESSURE: &str = "pressure";
const FORCE: &str = "force";
const ENERGY: &str = "energy";
const POWER: &str = "power";
const DATA: &str = "data";
const ANGLE: &str = "angle";
const FREQUENCY: &str = "frequency";

/// Every unit. Names are compared as [`super::folded`] leaves them.
pub const UNITS: &[Unit] = &[
    unit(LENGTH, &["m", "meter"], "1"),
    unit(LENGTH, &["km", "kilometer"], "1000"),
    unit(LENGTH, &["cm", "centimeter"], "0.01"),
    unit(LENGTH, &["mm", "millimeter"], "0.001"),
    unit(LENGTH, &["um", "micrometer", "micron"], "0.000001"),
    unit(LENGTH, &["nm", "nanometer"], "0.000000001"),
    unit(LENGTH, &["mi", "mile"], "1609.344"),
    unit(LENGTH, &["yd", "yard"], "0.9144"),
    unit(LENGTH, &["ft", "foot", "feet"], "0.3048"),
    unit(LENGTH, &["in", "inch", "inches"], "0.0254"),
    unit(LENGTH, &["nmi", "nautical mile"], "1852"),
    unit(LENGTH, &["fathom"], "1.8288"),
    unit(LENGTH, &["furlong"], "201.168"),
    unit(LENGTH, &["au", "astronomical unit"], "149597870700"),
    unit(LENGTH, &["ly", "light year"], "9460730472580800"),
    unit(MASS, &["g", "gram"], "1"),
    unit(MASS, &["kg", "kilogram", "kilo"], "1000"),
    unit(MASS, &["mg", "milligram"], "0.001"),
    unit(MASS, &["ug", "microgram"], "0.000001"),
    unit(MASS, &["t", "tonne", "metric ton"], "1000000"),
    unit(MASS, &["lb", "lbs", "pound"], "453.59237"),
    unit(MASS, &["oz", "ounce"], "28.349523125"),
    unit(MASS, &["stone"], "6350.29318"),
    unit(MASS, &["US ton", "short ton"], "907184.74"),
    unit(MASS, &["long ton", "imperial ton"], "1016046.9088"),
    unit(MASS, &["carat"], "0.2"),
    unit(MASS, &["grain"], "0.06479891"),
    unit(TIME, &["s", "second", "sec"], "1"),
    unit(TIME, &["ms", "millisecond"], "0.001"),
    unit(TIME, &["us", "microsecond"], "0.000001"),
    unit(TIME, &["ns", "nanosecond"], "0.000000001"),
    unit(TIME, &["min", "minute"], "60"),
    unit(TIME, &["h", "hour", "hr"], "3600"),
    unit(TIME, &["d", "day"], "86400"),
    unit(TIME, &["week", "wk"], "604800"),
    unit(TIME, &["Julian year"], "31557600"),
    degree(&["K", "kelvin"], "1", "0"),
    degree(&["°C", "celsius", "degree celsius", "centigrade"], "1", "273.15"),
    degree(&["°F", "fahrenheit", "degree fahrenheit"], "5/9", "459.67"),
    degree(&["°R", "rankine"], "5/9", "0"),
    unit(AREA, &["m²", "square meter", "sq m"], "1"),
    unit(AREA, &["km²", "square kilometer", "sq km"], "1000000"),
    unit(AREA, &["cm²", "square centimeter", "sq cm"], "0.0001"),
    unit(AREA, &["mm²", "square millimeter", "sq mm"], "0.000001"),
    unit(AREA, &["ha", "hectare"], "10000"),
    unit(AREA, &["acre"], "4046.8564224"),
    unit(AREA, &["ft²", "square foot", "square feet", "sq ft"], "0.09290304"),
    unit(AREA, &["in²", "square inch", "square inches", "sq in"], "0.00064516"),
    unit(AREA, &["yd²", "square yard", "sq yd"], "0.83612736"),
    unit(AREA, &["mi²", "square mile", "sq mi"], "2589988.110336"),
    unit(VOLUME, &["l", "liter"], "1"),
    unit(VOLUME, &["ml", "milliliter"], "0.001"),
    unit(VOLUME, &["cl", "centiliter"], "0.01"),
    unit(VOLUME, &["dl", "deciliter"], "0.1"),
    unit(VOLUME, &["m³", "cubic meter"], "1000"),
    unit(VOLUME, &["cm³", "cubic centimeter", "cc"], "0.001"),
    unit(VOLUME, &["US gallon", "gallon", "gal"], "3.785411784"),
    unit(VOLUME, &["US quart", "quart", "qt"], "0.946352946"),
    unit(VOLUME, &["US pint", "pint", "pt"], "0.473176473"),
    unit(VOLUME, &["US cup", "cup"], "0.2365882365"),
    unit(VOLUME, &["US fl oz", "fluid ounce", "fl oz", "US fluid ounce"], "0.0295735295625"),
    unit(VOLUME, &["tbsp", "tablespoon", "US tablespoon"], "0.01478676478125"),
    unit(VOLUME, &["tsp", "teaspoon", "US teaspoon"], "0.00492892159375"),
    unit(VOLUME, &["imperial gallon", "UK gallon"], "4.54609"),
    unit(VOLUME, &["imperial pint", "UK pint"], "0.56826125"),
    unit(VOLUME, &["imperial fl oz", "imperial fluid ounce"], "0.0284130625"),
    unit(VOLUME, &["ft³", "cubic foot", "cubic feet"], "28.316846592"),
    unit(VOLUME, &["in³", "cubic inch", "cubic inches"], "0.016387064"),
    unit(VOLUME, &["oil barrel", "bbl", "barrel"], "158.987294928"),
    unit(SPEED, &["m/s", "meter per second"], "1"),
    unit(SPEED, &["km/h", "kilometer per hour", "kmh", "kph"], "5/18"),
    unit(SPEED, &["mph", "mile per hour", "mi/h"], "0.44704"),
    unit(SPEED, &["kn", "knot", "kt"], "1852/3600"),
    unit(SPEED, &["ft/s", "foot per second", "feet per second"], "0.3048"),
    unit(PRESSURE, &["Pa", "pascal"], "1"),
    unit(PRESSURE, &["hPa", "hectopascal"], "100"),
    unit(PRESSURE, &["kPa", "kilopascal"], "1000"),
    unit(PRESSURE, &["MPa", "megapascal"], "1000000"),
    unit(PRESSURE, &["bar"], "100000"),
    unit(PRESSURE, &["mbar", "millibar"], "100"),
    unit(PRESSURE, &["atm", "atmosphere"], "101325"),
    unit(PRESSURE, &["mmHg", "millimeter of mercury"], "133.322387415"),
    unit(PRESSURE, &["Torr"], "101325/760"),
    unit(PRESSURE, &["psi", "pound per square inch"], "4.4482216152605/0.00064516"),
    unit(FORCE, &["N", "newton"], "1"),
    unit(FORCE, &["kN", "kilonewton"], "1000"),
    unit(FORCE, &["lbf", "pound force"], "4.4482216152605"),
    unit(FORCE, &["kgf", "kilogram force"], "9.80665"),
    unit(FORCE, &["dyn", "dyne"], "0.00001"),
    unit(ENERGY, &["J", "joule"], "1"),
    unit(ENERGY, &["kJ", "kilojoule"], "1000"),
    unit(ENERGY, &["MJ", "megajoule"], "1000000"),
    unit(ENERGY, &["Wh", "watt hour"], "3600"),
    unit(ENERGY, &["kWh", "kilowatt hour"], "3600000"),
    unit(ENERGY, &["cal", "calorie"], "4.184"),
    unit(ENERGY, &["kcal", "kilocalorie"], "4184"),
    unit(ENERGY, &["BTU", "british thermal unit"], "1055.05585262"),
    unit(ENERGY, &["ft·lbf", "foot pound"], "1.3558179483314004"),
    unit(ENERGY, &["eV", "electronvolt"], "0.0000000000000000001602176634"),
    unit(POWER, &["W", "watt"], "1"),
    unit(POWER, &["mW", "milliwatt"], "0.001"),
    unit(POWER, &["kW", "kilowatt"], "1000"),
    unit(POWER, &["MW", "megawatt"], "1000000"),
    unit(POWER, &["hp", "horsepower", "mechanical horsepower"], "745.69987158227022"),
    unit(POWER, &["PS", "metric horsepower"], "735.49875"),
    unit(DATA, &["bit"], "1"),
    unit(DATA, &["B", "byte"], "8"),
    unit(DATA, &["kB", "kilobyte"], "8000"),
    unit(DATA, &["MB", "megabyte"], "8000000"),
    unit(DATA, &["GB", "gigabyte"], "8000000000"),
    unit(DATA, &["TB", "terabyte"], "8000000000000"),
    unit(DATA, &["KiB", "kibibyte"], "8192"),
    unit(DATA, &["MiB", "mebibyte"], "8388608"),
    unit(DATA, &["GiB", "gibibyte"], "8589934592"),
    unit(DATA, &["TiB", "tebibyte"], "8796093022208"),
    unit(DATA, &["kbit", "kilobit"], "1000"),
    unit(DATA, &["Mbit", "megabit"], "1000000"),
    unit(DATA, &["Gbit", "gigabit"], "1000000000"),
    unit(ANGLE, &["°", "deg"], "1"),
    unit(ANGLE, &["arcmin", "arcminute"], "1/60"),
    unit(ANGLE, &["arcsec", "arcsecond"], "1/3600"),
    unit(ANGLE, &["gon", "gradian"], "0.9"),
    unit(ANGLE, &["turn", "revolution"], "360"),
    unit(FREQUENCY, &["Hz", "hertz"], "1"),
    unit(FREQUENCY, &["kHz", "kilohertz"], "1000"),
    unit(FREQUENCY, &["MHz", "megahertz"], "1000000"),
    unit(FREQUENCY, &["GHz", "gigahertz"], "1000000000"),
    unit(FREQUENCY, &["rpm", "revolution per minute"], "1/60"),
];
