// Example texts, each with another kind of damage.

export const EXAMPLES = [
  ["English", "Russiaâ€™s envoy said on Tuesday that the talks would not go on â€œbehind closed doorsâ€\u009d.\n\nâ€œWe do not agree,â€\u009d he told reporters at the cafÃ© of the city hall."],
  ["Русский", "Ïðåçèäåíò çàÿâèë âî âòîðíèê, ÷òî ïåðåãîâîðû áóäóò ïðîäîëæåíû â ñðåäó.\n\nÏî åãî ñëîâàì, âñòðå÷à ïðîéä¸ò â ñòîëèöå."],
  ["日本語", "Êù±‰∫¨„ÅÆÂãïÁâ©Âúí„ÅßÁÅ´ÊõúÊó•„Å´Êñ∞„Åó„ÅÑÊ©ã„ÅåÈñãÈÄö„Åó„Åü„ÄÇÈßÖÂâç„Å´„ÅØÂ§ßÂã¢„ÅÆ‰∫∫„ÅåÈõÜ„Åæ„Å£„Åü„ÄÇ"],
  ["العربية", "Ø£Ø¹Ù„Ù†Øª Ø§Ù„ÙˆØ²Ø§Ø±Ø© ÙŠÙˆÙ… Ø§Ù„Ø«Ù„Ø§Ø«Ø§Ø¡ Ø£Ù† Ø§Ù„Ù…Ø\u00adØ§Ø¯Ø«Ø§Øª Ø³ØªØ³ØªÙ…Ø± Ù\u0081ÙŠ Ø§Ù„Ø¹Ø§ØµÙ…Ø©."],
  ["Türkçe", "Bakanlýk, görüþmelerin salý günü baþlayacaðýný açýkladý.\nKonuþmacýlar konularýn çoðunda anlaþtý."],
  ["中文", "åŒ—äº¬åŠ¨ç‰©å›\u00adæ˜ŸæœŸäºŒå®£å¸ƒï¼Œæ–°çš„å¤§æ¡¥å°†äºŽæ˜Žå¹´å¼€æ”¾ã€‚"],
  ["Damaged twice", "Le cafÃƒÂ© de la gare est fermÃƒÂ© depuis mardi : lÃ¢â‚¬â„¢ÃƒÂ©tÃƒÂ© a ÃƒÂ©tÃƒÂ© trop sec, dit le maire."],
  ["HTML leftovers", "The ministry&amp;rsquo;s answer was \\u201cno\\u201d.\u200b\u200b  It didn\ufffdt say more &mdash; and won\ufffdt."],
  ["Full article", {
    title: "Envoyâ€™s answer: no new talks | The Courier",
    url: "HTTPS://www.courier.example/2024/03/05/envoy?utm_source=x",
    authors: "By ANNA BELL and Max MÃ¼ller, staff writers",
    published: "Tue, 5 Mar 2024 09:30:00 +0100",
    tags: "Diplomacy; #Talks; diplomacy",
    text: "LONDON, March 5 (Reuters) - The islandâ€™s envoy said on Tuesday that the talks would not go on â€œbehind closed doorsâ€\u009d.\n\nAdvertisement\n\nâ€œWe do not agree with such an approach,â€\u009d he told reporters.\n\nPhoto: Zoé Hartley/Reuters",
  }],
];
