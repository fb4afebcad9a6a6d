"""Everyday mail of the user's own: what he does by it, and what only sounds like an answer to an offer.

One list for each language and each thing that is done; `OTHER` are mails in the course of a candidacy that do none of the rest.
"""

from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache

import pytest

from agent.messages import parse_message
from agent.rulebook.phrases import load_phrasebook
from agent.signals import Label, Phrasebook, read_own_message

THANKS, FOLLOW_UP, OTHER = Label.SENT_THANK_YOU, Label.SENT_FOLLOW_UP, Label.SENT_OTHER
ACCEPTANCE, DECLINE, WITHDRAWAL = Label.SENT_ACCEPTANCE, Label.SENT_DECLINE, Label.SENT_WITHDRAWAL

MAIL: dict[str, dict[Label, tuple[str, ...]]] = {
    "de": {
        THANKS: (
            "Vielen Dank für das nette Gespräch gestern. Ich würde mich sehr freuen, Teil Ihres Teams zu werden.",
            "Nochmals danke für die Einblicke heute. Mein Interesse an der Stelle ist weiter gewachsen.",
            "Herzlichen Dank, dass Sie sich heute die Zeit genommen haben.",
            "Es hat mir viel Freude gemacht, Sie und das Team kennenzulernen.",
            "Für das offene Gespräch am Dienstag bedanke ich mich ganz herzlich.",
            "Das war ein tolles Gespräch heute, danke dafür!",
        ),
        FOLLOW_UP: (
            "Ich wollte kurz nachfragen, ob es schon etwas Neues gibt.",
            "Dürfte ich mich nach dem Stand meiner Bewerbung erkundigen?",
            "Können Sie schon absehen, wann Sie sich entscheiden?",
            "Seit dem Gespräch sind zwei Wochen vergangen, und ich habe noch nichts von Ihnen gehört.",
            "Gibt es inzwischen eine Entscheidung?",
            "Wie ist der aktuelle Stand?",
            "Ich bin nach wie vor sehr an der Stelle interessiert und sende Ihnen gern weitere Unterlagen.",
            "Nochmals danke für das Gespräch. Haben Sie schon eine Entscheidung getroffen?",
            "Über eine kurze Rückmeldung zum Stand des Verfahrens würde ich mich freuen.",
            "Mein Interesse besteht weiterhin. Vielen Dank für Ihre Zeit.",
            "Bis wann kann ich mit einer Rückmeldung rechnen?",
        ),
        ACCEPTANCE: (
            "Sehr gern nehme ich Ihr Angebot an.",
            "Hiermit nehme ich die Stelle als Buchhalterin zum 1. Mai an.",
            "Ich freue mich, Ihr Angebot anzunehmen.",
            "Ich sage Ihnen hiermit verbindlich zu.",
            "Anbei sende ich Ihnen den unterschriebenen Arbeitsvertrag.",
            "Ihr Angebot nehme ich mit großer Freude an!",
            "Ich habe mich entschieden: Ich nehme die Stelle an.",
            "Ich möchte Ihr Angebot gerne annehmen.",
        ),
        DECLINE: (
            "Leider muss ich Ihr Angebot ablehnen.",
            "Ich habe mich gegen Ihr Angebot entschieden.",
            "Ich werde die Stelle nicht annehmen.",
            "Nach langem Nachdenken lehne ich das Angebot ab.",
            "Leider kann ich das Angebot nicht annehmen, da ich umziehe.",
            "Ich muss Ihnen leider absagen.",
            "Danke für die Anfrage, aber ich habe derzeit kein Interesse.",
            "Danke, aber ich bin hier sehr zufrieden.",
        ),
        WITHDRAWAL: (
            "Ich ziehe meine Bewerbung zurück.",
            "Ich möchte meine Bewerbung hiermit zurückziehen.",
            "Ich habe mich für eine andere Stelle entschieden.",
            "Bitte berücksichtigen Sie meine Bewerbung nicht weiter, ich stehe nicht mehr zur Verfügung.",
            "Hiermit trete ich von meiner Bewerbung zurück.",
            "Ich nehme meine Bewerbung zurück, da ich anderweitig zugesagt habe.",
        ),
        OTHER: (
            "Ich nehme Ihre Einladung gern an.",
            "Den Termin am Donnerstag nehme ich gern an.",
            "Für Donnerstag sage ich gern zu.",
            "Die Stelle spricht mich sehr an.",
            "Ich nehme gern am Gespräch zur Position teil.",
            "Die Aufgaben der Stelle würden mir sehr zusagen.",
            "Am Donnerstag kann ich leider nicht.",
            "Leider muss ich für Freitag absagen, ab Montag bin ich wieder da.",
            "Am Dienstag stehe ich leider nicht zur Verfügung.",
            "Ich könnte die Stelle ab dem 1. Mai antreten.",
            "Ich kann am Montag leider nicht teilnehmen.",
            "Ich bin sehr glücklich über Ihre Einladung.",
            "Vielen Dank für Ihr Angebot! Darf ich bis Freitag überlegen?",
            "Bevor ich Ihr Angebot annehme, habe ich noch Fragen.",
            "Ich habe noch nicht über Ihr Angebot entschieden.",
            "Das Gehalt liegt unter meinen Vorstellungen, gibt es da noch Spielraum?",
            "Anbei die gewünschten Unterlagen. Mein Interesse ist weiterhin groß.",
            "Mit Bezug auf meine Bewerbung vom Mai nehme ich gern Stellung.",
            "Ich würde sehr gern bei Ihnen anfangen.",
            "Gern würde ich die Stelle übernehmen.",
            "Ich komme am Donnerstag gern zu Ihnen.",
            "Schade, dass Sie sich für eine andere Bewerberin entschieden haben.",
            "Danke, ich bin dabei! Bis Donnerstag um drei.",
            "Ja, das passt. Bis dann!",
            "Ich muss Ihnen für den Termin leider absagen.",
            "Ich sage Ihnen zu, dass ich die Zeugnisse bis Freitag schicke.",
            "Den Vorschlag für Montag kann ich leider nicht annehmen.",
            "Ich habe mich auf die Stelle beworben und freue mich auf das Gespräch.",
            "Ich sage Ihnen bis Freitag Bescheid, ob ich das Angebot annehme.",
            "Können Sie mir den Vertrag vorab schicken? Dann sehe ich ihn mir an.",
            "Ich wurde im letzten Jahr für diese Stelle abgelehnt.",
            "Vielen Dank für Ihr Angebot, das ich gern in Ruhe prüfe.",
            "Mein Praktikum endet im Mai, ab Juni stehe ich zur Verfügung.",
            "Ich wäre gern dabei.",
        ),
    },
    "en": {
        THANKS: (
            "I just wanted to say thank you for today. It was lovely meeting the team, and my interest has only grown.",
            "Thanks again for speaking with me on Monday. I remain very interested in the position.",
            "It was great to meet you and Sam. I'm still thinking about what you said on pricing.",
            "Thank you both for a wonderful interview yesterday!",
            "I appreciated the chance to speak with you today about the role.",
            "Thank you for having me on Friday. I would love to join the team.",
            "I really appreciate you taking the time to walk me through the product.",
            "Many thanks for our conversation this morning. I am even more excited about the job and would be thrilled to join.",
        ),
        FOLLOW_UP: (
            "Just checking in on the analyst role. Any news?",
            "I hope you are well. I was wondering if you had made a decision.",
            "It's been two weeks since we spoke, and I haven't heard back.",
            "Could you let me know where things stand? Thank you for your time.",
            "Do you have an idea of when a decision will be made?",
            "What are the next steps, and when can I expect to hear from you?",
            "I'd be grateful for any update you can share.",
            "I remain very interested in the role, and would be happy to send anything else you need. Thank you for your time.",
            "I wanted to reiterate my interest in the position.",
            "I'm still very interested and would love to join you. Please let me know if you need anything else.",
            "Is there a timeframe for the decision?",
            "Have you had a chance to review my application? I would still be delighted to work with you.",
            "Thank you again for the interview last week. I wanted to ask whether there is any update.",
            "I would gladly take the position if it is still open; could you tell me how the process is going?",
        ),
        ACCEPTANCE: (
            "I'm delighted to accept your offer of employment.",
            "Thank you for the offer. I will gladly join you as of 1 May.",
            "I accept! When do I start?",
            "I am writing to formally accept the position of analyst.",
            "I'd be happy to accept the job.",
            "I'd love to take the job. See you in May!",
            "It's a yes! I'm so excited to join.",
            "I hereby accept your offer. Attached is the signed contract.",
            "I'm happy to say I accept.",
            "Please find enclosed my signed offer letter.",
            "I look forward to joining the team on 1 March and accept your offer.",
        ),
        DECLINE: (
            "I have decided not to accept your offer.",
            "After much thought I must decline.",
            "Thank you for the offer, but I have decided to say no.",
            "I'm sorry, I can't accept the job.",
            "I won't be taking the position.",
            "I regret that I have to turn down your offer.",
            "Unfortunately I will not be joining your company.",
            "I've decided to go in a different direction and will pass on this offer.",
            "I am afraid I cannot take up the post.",
        ),
        WITHDRAWAL: (
            "Please withdraw my application.",
            "I'd like to withdraw from the process.",
            "I've accepted a position elsewhere, so please take me out of consideration.",
            "I am no longer interested in the role.",
            "I have decided to withdraw my candidacy for personal reasons.",
            "Please remove me from consideration.",
            "I have taken another job and will not be continuing with your process.",
            "I am stepping back from the process.",
        ),
        OTHER: (
            "I gladly accept your invitation. Thursday at 3 works for me.",
            "Yes, Thursday works.",
            "So yes, I can make Friday at 10.",
            "Sounds good, I'm in! See you Thursday at 3.",
            "I will join the call at 10.",
            "I'll join you on Tuesday at the office.",
            "I can't join you on Thursday, could we move it to Friday?",
            "Unfortunately Thursday is not going to work for me.",
            "Thanks, but I can't make Thursday.",
            "Sorry, I have to decline the slot on Monday, I'm in another meeting.",
            "I'm not available for the interview on Thursday.",
            "I can't take calls before noon.",
            "Could you pass on my thanks to the team for considering me for the position?",
            "I found the role on LinkedIn and would love to apply.",
            "Please accept my application for the position of analyst.",
            "I've got another offer, so I would like to hear from you soon.",
            "I was rejected for this role last year but have learned a lot.",
            "I would love to join your team.",
            "Thank you for the offer! May I have until Friday to decide?",
            "Thank you for your offer. Before I accept, could we talk about the salary?",
            "The salary is lower than I hoped. Is there room to move?",
            "I would be happy to take part in the next round.",
            "Please don't keep me waiting too long.",
            "I'm happy to accept the new time.",
            "I accept the terms of the NDA.",
            "Happy to accept the calendar invite.",
            "I would be happy to join Acme and could start on 1 May.",
            "Do you know if I can join the team lunch?",
            "Here are the documents you asked for. My interest remains high.",
            "I'm out on Friday, back on Monday.",
            "I have to step out at three, can we start earlier?",
            "I've read the offer and would like to think about it.",
            "Would it be possible to push back the start date if I accept?",
            "I can start on 1 May. My notice period is one month.",
            "I'm currently not looking, but thanks for reaching out.",
            "I won't be able to take the test before Friday.",
            "I have taken the test and uploaded it.",
            "I'll take the 3pm slot.",
            "I'd love to take you up on your offer to chat.",
            "I will start the assignment tonight.",
            "Unfortunately I cannot accept the invitation for Monday.",
            "Sorry, my other interview runs late. I'll be there at four, happy to accept whatever works.",
        ),
    },
    "fr": {
        THANKS: (
            "Merci beaucoup pour notre entretien d'hier. Je suis très motivé par ce poste.",
            "Je tenais à vous remercier pour votre accueil et pour nos échanges. Rejoindre votre équipe serait un plaisir.",
            "J'ai été ravie de vous rencontrer ce matin.",
            "Je vous remercie du temps que vous m'avez consacré.",
            "Notre discussion m'a beaucoup plu, merci encore.",
        ),
        FOLLOW_UP: (
            "Je me permets de revenir vers vous au sujet de ma candidature.",
            "Avez-vous des nouvelles ?",
            "Où en est le processus de recrutement ?",
            "Pourriez-vous me dire quand une décision sera prise ?",
            "Je n'ai pas encore eu de retour de votre part.",
            "Merci encore pour notre entretien. Avez-vous pris une décision ?",
            "Je reste très intéressé par le poste. Merci pour votre temps.",
            "Je suis toujours très motivée par ce poste.",
            "J'aimerais savoir où en est ma candidature.",
        ),
        ACCEPTANCE: (
            "J'accepte votre offre avec grand plaisir.",
            "Je vous confirme mon accord pour le poste de comptable.",
            "Vous trouverez ci-joint le contrat signé.",
            "C'est avec joie que j'accepte le poste.",
            "J'ai le plaisir d'accepter votre proposition d'embauche.",
            "C'est un grand oui !",
        ),
        DECLINE: (
            "Je dois malheureusement décliner votre offre.",
            "Je ne peux pas accepter votre proposition.",
            "J'ai décidé de ne pas donner suite à votre offre.",
            "Après réflexion, je renonce au poste.",
            "Je préfère refuser votre proposition.",
        ),
        WITHDRAWAL: (
            "Je retire ma candidature.",
            "Je souhaite me retirer du processus de recrutement.",
            "J'ai accepté un poste ailleurs et ne souhaite plus poursuivre.",
            "Merci de ne plus tenir compte de ma candidature.",
            "Je me désiste pour ce poste.",
        ),
        OTHER: (
            "J'accepte votre invitation avec plaisir.",
            "Je vous confirme ma venue jeudi à 14 heures.",
            "Je serais ravi de vous rejoindre.",
            "J'ai hâte de commencer le test.",
            "J'aurais hâte de vous rejoindre.",
            "Je ne pourrai pas vous rejoindre jeudi, est-ce possible vendredi ?",
            "Je ne peux pas prendre votre appel ce matin.",
            "J'accepte volontiers un autre créneau.",
            "J'ai trouvé un poste sur votre site qui m'intéresse.",
            "J'ai pris un autre train et serai en retard.",
            "Je dois décliner le rendez-vous de mardi.",
            "Merci pour votre offre ! Puis-je avoir jusqu'à vendredi pour réfléchir ?",
            "Avant d'accepter votre offre, j'aimerais parler du salaire.",
            "Le salaire est inférieur à ce que j'espérais.",
            "Vous trouverez ci-joint les documents demandés. Mon intérêt reste intact.",
            "Je regrette que vous ayez trouvé un autre candidat.",
            "Je pourrais prendre le poste à partir du 1er mai.",
            "Je vous remercie d'avoir accepté ma candidature.",
            "Veuillez accepter mes salutations.",
            "J'aimerais beaucoup rejoindre votre équipe.",
            "Jeudi me convient parfaitement.",
            "J'ai reçu une autre offre et j'aimerais vous en parler.",
            "J'accepte votre proposition de rendez-vous.",
            "Je vous dirai vendredi si j'accepte le poste.",
            "Un refus pour ce poste l'an dernier ne m'a pas découragé.",
        ),
    },
    "nl": {
        THANKS: (
            "Bedankt voor het leuke gesprek van vanmiddag. Ik ben nog enthousiaster geworden.",
            "Ik wil jullie graag bedanken voor het fijne gesprek over de functie.",
            "Voor het gesprek over de functie wil ik u graag bedanken.",
            "Dank voor de rondleiding en de tijd die jullie namen.",
            "Het was leuk om jullie gisteren te ontmoeten. Ik zou graag bij jullie komen werken.",
        ),
        FOLLOW_UP: (
            "Ik vroeg me af of er al nieuws is.",
            "Is er al een beslissing genomen?",
            "Kun je me laten weten wat de status van mijn sollicitatie is?",
            "Wanneer kan ik een reactie verwachten?",
            "Ik heb nog niets gehoord na ons gesprek van vorige week.",
            "Hoe staat het met de procedure?",
            "Ik ben nog steeds erg geïnteresseerd in de functie. Bedankt voor je tijd.",
            "Nogmaals dank voor het gesprek. Is er al iets bekend?",
            "Mijn belangstelling voor de baan is onveranderd.",
        ),
        ACCEPTANCE: (
            "Met veel plezier neem ik jullie aanbod aan.",
            "Ik accepteer het aanbod graag.",
            "Hierbij het getekende contract.",
            "Ik aanvaard de functie met plezier.",
            "Jullie aanbod neem ik graag aan!",
            "Ik neem de baan aan.",
            "Ik ga graag in op jullie aanbod.",
        ),
        DECLINE: (
            "Helaas moet ik jullie aanbod afslaan.",
            "Ik heb besloten het aanbod niet aan te nemen.",
            "Ik ga niet in op jullie aanbod.",
            "Helaas kan ik de functie niet accepteren.",
            "Na lang twijfelen wijs ik het aanbod af.",
        ),
        WITHDRAWAL: (
            "Ik trek mijn sollicitatie in.",
            "Ik wil mij graag terugtrekken uit de procedure.",
            "Ik heb een andere baan gevonden en ben niet langer beschikbaar.",
            "Helaas haak ik af.",
            "Ik zie af van verdere deelname aan de procedure.",
        ),
        OTHER: (
            "Ik neem de uitnodiging graag aan.",
            "De functie spreekt mij erg aan.",
            "Ik neem graag deel aan het gesprek over de functie.",
            "Akkoord met uw voorstel voor donderdag.",
            "Donderdag kan ik helaas niet, vrijdag wel.",
            "Ik kan de afspraak van maandag helaas niet aannemen.",
            "Ik zou graag bij jullie komen werken.",
            "Bedankt voor het aanbod! Mag ik er tot vrijdag over nadenken?",
            "Voordat ik het aanbod accepteer, wil ik graag over het salaris praten.",
            "Het salaris is lager dan ik had gehoopt.",
            "Ik kan om vijf uur stoppen met werken en dan langskomen.",
            "Jammer dat jullie een andere kandidaat hebben gevonden.",
            "Vrijdag ben ik niet meer beschikbaar.",
            "De gevraagde documenten zitten in de bijlage. Mijn interesse blijft groot.",
            "Ik trek er graag een middag voor uit.",
            "Ja graag, tot donderdag!",
            "Ik kan per 1 mei beginnen.",
            "Voor het aanbod wil ik u hartelijk bedanken.",
            "Ik zou de functie heel graag aannemen.",
            "Ik laat u vrijdag weten of ik het aanbod aanneem.",
            "Uw voorstel voor maandag kan ik helaas niet aannemen.",
            "Wanneer ontvang ik het getekende contract?",
        ),
    },
}
"""What people write, by language and by what they do."""


@cache
def phrasebook() -> Phrasebook:
    return load_phrasebook(None)


def read(text: str) -> Label:
    message = EmailMessage()
    message["From"], message["To"] = "robin@home.example", "dana@acme.example"
    message["Subject"], message["Message-ID"] = "Re: Acme Robotics", "<own@home.example>"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message.set_content(f"{text}\n\nRobin Lee\n")
    received = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return read_own_message(parse_message(message.as_bytes(), received_at=received), phrasebook()).label


@pytest.mark.parametrize("label", [THANKS, FOLLOW_UP, ACCEPTANCE, DECLINE, WITHDRAWAL])
@pytest.mark.parametrize("language", sorted(MAIL))
def test_what_the_user_does_by_a_mail_is_read(language: str, label: Label) -> None:
    assert [(text, said) for text in MAIL[language][label] if (said := read(text)) is not label] == []


@pytest.mark.parametrize("language", sorted(MAIL))
def test_what_only_sounds_like_an_answer_to_an_offer_is_none(language: str) -> None:
    answers = {ACCEPTANCE, DECLINE, WITHDRAWAL}
    assert [(text, said) for text in MAIL[language][OTHER] if (said := read(text)) in answers] == []
