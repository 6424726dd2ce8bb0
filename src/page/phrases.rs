//! The few phrases of a page, in the languages that we know them in.

use serde::Serialize;

use crate::config::Dimension;

/// Phrases of the page itself, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Phrases {
    /// A BCP 47 tag in lower case.
    pub(super) language: &'static str,
    pub(super) direction: &'static str,
    pub(super) subscribe: &'static str,
    /// Explanation of feeds, and of what to do with one, in two sentences.
    pub(super) about: &'static str,
    /// The same to those who have opened a feed itself.
    pub(super) feed: &'static str,
    pub(super) latest: &'static str,
    pub(super) copy: &'static str,
    pub(super) copied: &'static str,
    /// Names of readers follow.
    pub(super) open: &'static str,
    /// The last of them: whatever opens addresses that begin with `feed:`.
    pub(super) app: &'static str,
    pub(super) all: &'static str,
    pub(super) more: &'static str,
    #[serde(skip)]
    dimensions: [&'static str; Dimension::ALL.len()],
}

impl Phrases {
    /// The phrases in a language, if we know them.
    pub(super) fn find(tag: &str) -> Option<&'static Self> {
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split('-');
        let primary = parts.next().unwrap_or_default();
        let is_traditional = primary == "zh" && parts.any(|part| ["hant", "tw", "hk", "mo"].contains(&part));
        let wanted = if is_traditional { "zh-hant" } else { primary };
        TABLE.iter().find(|phrases| phrases.language == wanted)
    }

    /// Heading of the feeds of a dimension, of which there is one for each value.
    pub(super) fn dimension(&self, dimension: Dimension) -> &'static str {
        let known = Dimension::ALL.iter().zip(self.dimensions);
        known
            .into_iter()
            .find_map(|(known, phrase)| (*known == dimension).then_some(phrase))
            .unwrap_or_default()
    }
}

/// Phrases in English, also for languages that we do not know.
pub(super) const ENGLISH: Phrases = Phrases {
    language: "en",
    direction: "ltr",
    subscribe: "Subscribe",
    about: "A feed tells you when something new appears here, without an account or an email address. Copy one of the addresses into a feed reader, or open it there directly.",
    feed: "This is a feed. Copy its address, as your browser shows it, into a feed reader, and new entries come to you.",
    latest: "Latest",
    copy: "Copy",
    copied: "Copied",
    open: "Open in",
    app: "an app on this device",
    all: "All feeds in one list",
    more: "More feeds",
    dimensions: ["Tags", "Categories", "Authors", "Sections", "Languages"],
};

/// In the order of the tags.
#[rustfmt::skip]
const TABLE: [Phrases; 18] = [
    Phrases {
        language: "ar",
        direction: "rtl",
        subscribe: "اشتراك",
        about: "تخبرك الخلاصة بكل جديد يُنشر هنا، بلا حساب وبلا بريد إلكتروني. انسخ أحد العناوين إلى قارئ خلاصات، أو افتحه فيه مباشرة.",
        feed: "هذه خلاصة. انسخ عنوانها كما يظهر في متصفحك إلى قارئ خلاصات، فتصلك كل مقالة جديدة.",
        latest: "الأحدث",
        copy: "نسخ",
        copied: "تم النسخ",
        open: "فتح في",
        app: "تطبيق على هذا الجهاز",
        all: "كل الخلاصات في قائمة واحدة",
        more: "خلاصات أخرى",
        dimensions: ["الوسوم", "التصنيفات", "الكُتّاب", "الأقسام", "اللغات"],
    },
    Phrases {
        language: "de",
        direction: "ltr",
        subscribe: "Abonnieren",
        about: "Ein Feed meldet Ihnen, was hier neu erscheint, ohne Konto und ohne E-Mail-Adresse. Kopieren Sie eine der Adressen in einen Feedreader, oder öffnen Sie sie gleich dort.",
        feed: "Das ist ein Feed. Kopieren Sie seine Adresse, wie der Browser sie zeigt, in einen Feedreader, und Neues kommt zu Ihnen.",
        latest: "Neueste Beiträge",
        copy: "Kopieren",
        copied: "Kopiert",
        open: "Öffnen in",
        app: "einem Programm auf diesem Gerät",
        all: "Alle Feeds in einer Liste",
        more: "Weitere Feeds",
        dimensions: ["Schlagwörter", "Kategorien", "Autorinnen und Autoren", "Rubriken", "Sprachen"],
    },
    ENGLISH,
    Phrases {
        language: "es",
        direction: "ltr",
        subscribe: "Suscribirse",
        about: "Un feed le avisa cuando se publica aquí algo nuevo, sin cuenta ni correo electrónico. Copie una de las direcciones en un lector de feeds o ábrala directamente en él.",
        feed: "Esto es un feed. Copie su dirección, tal como la muestra el navegador, en un lector de feeds y recibirá lo nuevo.",
        latest: "Lo último",
        copy: "Copiar",
        copied: "Copiado",
        open: "Abrir en",
        app: "una aplicación de este dispositivo",
        all: "Todos los feeds en una lista",
        more: "Más feeds",
        dimensions: ["Etiquetas", "Categorías", "Autores", "Secciones", "Idiomas"],
    },
    Phrases {
        language: "fr",
        direction: "ltr",
        subscribe: "S’abonner",
        about: "Un flux vous signale ce qui paraît de nouveau ici, sans compte ni adresse électronique. Copiez l’une des adresses dans un lecteur de flux, ou ouvrez-la directement dans l’un d’eux.",
        feed: "Ceci est un flux. Copiez son adresse, telle que votre navigateur l’affiche, dans un lecteur de flux, et les nouveautés viendront à vous.",
        latest: "Derniers articles",
        copy: "Copier",
        copied: "Copié",
        open: "Ouvrir dans",
        app: "une application de cet appareil",
        all: "Tous les flux en une liste",
        more: "Autres flux",
        dimensions: ["Mots-clés", "Catégories", "Auteurs", "Rubriques", "Langues"],
    },
    Phrases {
        language: "he",
        direction: "rtl",
        subscribe: "הרשמה",
        about: "הפיד מודיע לכם כשמתפרסם כאן משהו חדש, בלי חשבון ובלי כתובת דוא״ל. העתיקו את אחת הכתובות לקורא פידים, או פתחו אותה בו ישירות.",
        feed: "זהו פיד. העתיקו את כתובתו, כפי שהיא מופיעה בדפדפן, לקורא פידים, וכל חדש יגיע אליכם.",
        latest: "החדשים ביותר",
        copy: "העתקה",
        copied: "הועתק",
        open: "פתיחה בקורא",
        app: "אפליקציה במכשיר הזה",
        all: "כל הפידים ברשימה אחת",
        more: "פידים נוספים",
        dimensions: ["תגיות", "קטגוריות", "כותבים", "מדורים", "שפות"],
    },
    Phrases {
        language: "it",
        direction: "ltr",
        subscribe: "Iscriviti",
        about: "Un feed ti avvisa quando qui esce qualcosa di nuovo, senza account né indirizzo email. Copia uno degli indirizzi in un lettore di feed, oppure aprilo direttamente lì.",
        feed: "Questo è un feed. Copia il suo indirizzo, come lo mostra il browser, in un lettore di feed e riceverai le novità.",
        latest: "Ultimi articoli",
        copy: "Copia",
        copied: "Copiato",
        open: "Apri in",
        app: "un’app su questo dispositivo",
        all: "Tutti i feed in un elenco",
        more: "Altri feed",
        dimensions: ["Tag", "Categorie", "Autori", "Sezioni", "Lingue"],
    },
    Phrases {
        language: "ja",
        direction: "ltr",
        subscribe: "購読",
        about: "フィードを使えば、アカウントもメールアドレスもなしに、ここに新しい記事が出たことがわかります。アドレスをフィードリーダーにコピーするか、リーダーで直接開いてください。",
        feed: "これはフィードです。ブラウザーに表示されているアドレスをフィードリーダーにコピーすると、新しい記事が届きます。",
        latest: "最新の記事",
        copy: "コピー",
        copied: "コピーしました",
        open: "リーダーで開く",
        app: "この端末のアプリ",
        all: "すべてのフィードの一覧",
        more: "その他のフィード",
        dimensions: ["タグ", "カテゴリー", "著者", "セクション", "言語"],
    },
    Phrases {
        language: "ko",
        direction: "ltr",
        subscribe: "구독",
        about: "피드는 계정이나 이메일 주소 없이 이곳의 새 글을 알려 줍니다. 주소 하나를 피드 리더에 복사하거나 리더에서 바로 여세요.",
        feed: "이것은 피드입니다. 브라우저에 보이는 주소를 피드 리더에 복사하면 새 글이 찾아옵니다.",
        latest: "최근 글",
        copy: "복사",
        copied: "복사했습니다",
        open: "리더에서 열기",
        app: "이 기기의 앱",
        all: "모든 피드 목록",
        more: "다른 피드",
        dimensions: ["태그", "카테고리", "글쓴이", "섹션", "언어"],
    },
    Phrases {
        language: "nl",
        direction: "ltr",
        subscribe: "Abonneren",
        about: "Een feed meldt wat hier nieuw verschijnt, zonder account en zonder e-mailadres. Kopieer een van de adressen naar een feedlezer, of open het daar meteen.",
        feed: "Dit is een feed. Kopieer het adres, zoals de browser het toont, naar een feedlezer, en wat nieuw is komt naar u toe.",
        latest: "Nieuwste artikelen",
        copy: "Kopiëren",
        copied: "Gekopieerd",
        open: "Openen in",
        app: "een app op dit apparaat",
        all: "Alle feeds in één lijst",
        more: "Meer feeds",
        dimensions: ["Trefwoorden", "Categorieën", "Auteurs", "Rubrieken", "Talen"],
    },
    Phrases {
        language: "pl",
        direction: "ltr",
        subscribe: "Subskrybuj",
        about: "Kanał powiadamia o tym, co nowego się tu ukazuje, bez konta i bez adresu e-mail. Skopiuj jeden z adresów do czytnika kanałów albo otwórz go tam od razu.",
        feed: "To jest kanał. Skopiuj jego adres, taki jak w przeglądarce, do czytnika kanałów, a nowości przyjdą do Ciebie.",
        latest: "Najnowsze",
        copy: "Kopiuj",
        copied: "Skopiowano",
        open: "Otwórz w",
        app: "aplikacji na tym urządzeniu",
        all: "Wszystkie kanały na jednej liście",
        more: "Więcej kanałów",
        dimensions: ["Tagi", "Kategorie", "Autorzy", "Działy", "Języki"],
    },
    Phrases {
        language: "pt",
        direction: "ltr",
        subscribe: "Assinar",
        about: "Um feed avisa quando algo novo é publicado aqui, sem conta nem endereço de e-mail. Copie um dos endereços para um leitor de feeds ou abra-o diretamente nele.",
        feed: "Isto é um feed. Copie o endereço, tal como o navegador o mostra, para um leitor de feeds e receba as novidades.",
        latest: "Mais recentes",
        copy: "Copiar",
        copied: "Copiado",
        open: "Abrir em",
        app: "um aplicativo deste dispositivo",
        all: "Todos os feeds numa lista",
        more: "Mais feeds",
        dimensions: ["Etiquetas", "Categorias", "Autores", "Seções", "Idiomas"],
    },
    Phrases {
        language: "ru",
        direction: "ltr",
        subscribe: "Подписаться",
        about: "Лента сообщает, когда здесь появляется что-то новое, без учётной записи и адреса почты. Скопируйте один из адресов в программу для чтения лент или сразу откройте его в ней.",
        feed: "Это лента. Скопируйте её адрес из браузера в программу для чтения лент, и всё новое придёт к вам.",
        latest: "Последние записи",
        copy: "Копировать",
        copied: "Скопировано",
        open: "Открыть в",
        app: "приложении на этом устройстве",
        all: "Все ленты одним списком",
        more: "Другие ленты",
        dimensions: ["Метки", "Категории", "Авторы", "Разделы", "Языки"],
    },
    Phrases {
        language: "sv",
        direction: "ltr",
        subscribe: "Prenumerera",
        about: "Ett flöde berättar när något nytt publiceras här, utan konto och utan e-postadress. Kopiera en av adresserna till en flödesläsare, eller öppna den direkt där.",
        feed: "Det här är ett flöde. Kopiera adressen, som webbläsaren visar den, till en flödesläsare, så kommer det nya till dig.",
        latest: "Senaste",
        copy: "Kopiera",
        copied: "Kopierat",
        open: "Öppna i",
        app: "en app på den här enheten",
        all: "Alla flöden i en lista",
        more: "Fler flöden",
        dimensions: ["Taggar", "Kategorier", "Författare", "Avdelningar", "Språk"],
    },
    Phrases {
        language: "tr",
        direction: "ltr",
        subscribe: "Abone ol",
        about: "Akış, burada yeni bir şey yayımlandığında size haber verir; hesap da e-posta adresi de gerekmez. Adreslerden birini bir akış okuyucusuna kopyalayın ya da doğrudan orada açın.",
        feed: "Bu bir akış. Tarayıcının gösterdiği adresi bir akış okuyucusuna kopyalayın, yeni yazılar size gelsin.",
        latest: "Son yazılar",
        copy: "Kopyala",
        copied: "Kopyalandı",
        open: "Şurada aç",
        app: "bu cihazdaki bir uygulama",
        all: "Tüm akışlar tek listede",
        more: "Diğer akışlar",
        dimensions: ["Etiketler", "Kategoriler", "Yazarlar", "Bölümler", "Diller"],
    },
    Phrases {
        language: "uk",
        direction: "ltr",
        subscribe: "Підписатися",
        about: "Стрічка повідомляє, коли тут з’являється щось нове, без облікового запису й адреси пошти. Скопіюйте одну з адрес у програму для читання стрічок або одразу відкрийте її там.",
        feed: "Це стрічка. Скопіюйте її адресу з браузера в програму для читання стрічок, і все нове надійде до вас.",
        latest: "Останні записи",
        copy: "Копіювати",
        copied: "Скопійовано",
        open: "Відкрити в",
        app: "застосунку на цьому пристрої",
        all: "Усі стрічки одним списком",
        more: "Інші стрічки",
        dimensions: ["Мітки", "Категорії", "Автори", "Розділи", "Мови"],
    },
    Phrases {
        language: "zh",
        direction: "ltr",
        subscribe: "订阅",
        about: "订阅源会在这里有新内容时通知您，无需账号，也无需邮箱。请将其中一个地址复制到订阅阅读器中，或直接在阅读器中打开。",
        feed: "这是一个订阅源。请将浏览器中显示的地址复制到订阅阅读器中，新内容就会送到您面前。",
        latest: "最新文章",
        copy: "复制",
        copied: "已复制",
        open: "在阅读器中打开",
        app: "此设备上的应用",
        all: "全部订阅源列表",
        more: "更多订阅源",
        dimensions: ["标签", "分类", "作者", "栏目", "语言"],
    },
    Phrases {
        language: "zh-hant",
        direction: "ltr",
        subscribe: "訂閱",
        about: "訂閱源會在這裡有新內容時通知您，無需帳號，也無需電子郵件。請將其中一個網址複製到訂閱閱讀器中，或直接在閱讀器中開啟。",
        feed: "這是一個訂閱源。請將瀏覽器中顯示的網址複製到訂閱閱讀器中，新內容就會送到您面前。",
        latest: "最新文章",
        copy: "複製",
        copied: "已複製",
        open: "在閱讀器中開啟",
        app: "此裝置上的應用程式",
        all: "所有訂閱源清單",
        more: "更多訂閱源",
        dimensions: ["標籤", "分類", "作者", "欄目", "語言"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_what_its_tag_begins_with_and_chinese_by_its_script() {
        let found = |tag| Phrases::find(tag).unwrap_or(&ENGLISH).language;
        assert_eq!(["en-GB", "pt-BR", "DE", "tlh", ""].map(found), ["en", "pt", "de", "en", "en"]);
        assert_eq!(["zh", "zh-CN", "zh-Hant", "zh-TW"].map(found), ["zh", "zh", "zh-hant", "zh-hant"]);
    }

    #[test]
    fn every_phrase_is_there_once_and_may_stand_in_a_style_sheet() {
        for phrases in &TABLE {
            let said = serde_json::to_value(phrases).unwrap();
            let mut said: Vec<&str> =
                said.as_object().unwrap().values().map(|text| text.as_str().unwrap()).collect();
            said.extend(phrases.dimensions);
            assert!(
                said.iter().all(|text| !text.is_empty() && !text.contains(['"', '\\', '\n', '<'])),
                "{said:?}"
            );
            let all = said.len();
            said.sort_unstable();
            said.dedup();
            assert_eq!(said.len(), all, "{}", phrases.language);
        }
        assert!(TABLE.is_sorted_by_key(|phrases| phrases.language));
    }
}
