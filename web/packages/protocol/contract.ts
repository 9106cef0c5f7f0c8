// Made from contract/openapi by `npm run contract`: change it there.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AgentMessage: {
            /** Format: date-time */
            at: string;
            /** @constant */
            author: "virtual_agent";
            /** @description made from the id of the message that it answers */
            id: string;
            message: components["schemas"]["Answer"];
            seq: number;
            verdict?: components["schemas"]["Verdict"];
        };
        Answer: {
            appointment: Record<string, never> | null;
            case: Record<string, never> | null;
            choices: {
                label: string;
                value: string;
            }[];
            citations: components["schemas"]["Citation"][];
            /** @description that the first citation is a right page */
            confidence: number;
            contact: null | components["schemas"]["Contact"];
            language: string;
            more: {
                /** @description place in citations, from 0 */
                citation: number;
                text: string;
                title: string;
            }[];
            notices: string[];
            procedure: Record<string, never> | null;
            qid?: string;
            /** @enum {unknown} */
            status: "answer" | "partial" | "clarify" | "procedure" | "case_status" | "appointment" | "contact" | "handoff" | "smalltalk" | "out_of_scope" | "other_commune" | "emergency" | "unsafe" | "unknown";
            /** @description what is read first */
            text: string;
            took_ms: number;
        };
        Begun: {
            id: string;
            token: string;
            town: string;
            welcome: string;
        };
        Citation: {
            /** @enum {unknown} */
            audience: "particuliers" | "professionnels" | "associations" | "local";
            id: string;
            /** @description of the town, not of the nation */
            local: boolean;
            origin: string;
            /** @description the cited text, whole */
            passage: string;
            section: string;
            title: string;
            updated: string | null;
            url: string | null;
        };
        CitizenMessage: {
            /** Format: date-time */
            at: string;
            /** @constant */
            author: "citizen";
            id: string;
            message: {
                text: string;
            };
            seq: number;
        };
        Contact: {
            address: string | null;
            email: string | null;
            hours: string | null;
            name: string;
            note: string | null;
            open: boolean | null;
            open_words: string | null;
            phones: {
                label: string;
                number: string;
            }[];
            url: string | null;
        };
        Exchange: {
            message: components["schemas"]["CitizenMessage"];
            reply: components["schemas"]["AgentMessage"];
        };
        Message: components["schemas"]["CitizenMessage"] | components["schemas"]["AgentMessage"];
        NewMessage: {
            /** @description value of a choice, as it was offered */
            choice?: string;
            /** @description made by the client */
            id: string;
            /** @description at most 8 KB; with a choice, its label */
            text: string;
        };
        Problem: {
            detail?: string;
            request_id: string;
            status: number;
            title: string;
            type: string;
        };
        Question: {
            /** @description earlier questions of the conversation, oldest first */
            after?: string[];
            /** @description values of choices made, as they were offered */
            chosen?: string[];
            /** @description INSEE code of a commune of the town */
            commune?: string;
            /** @description at most 8 KB, in the citizen's own words */
            question: string;
        };
        Readiness: {
            degraded: {
                part: string;
                why: string;
            }[];
            ready: boolean;
        };
        Result: {
            /** @enum {unknown} */
            audience: "particuliers" | "professionnels" | "associations" | "local";
            id: string;
            /** @description of the town, not of the nation */
            local: boolean;
            /** @description a whole sentence of the sheet */
            snippet: string;
            title: string;
            updated: string | null;
            url: string | null;
        };
        Transcript: {
            commune: string;
            /** Format: date-time */
            created_at: string;
            id: string;
            messages: components["schemas"]["Message"][];
        };
        /** @enum {unknown} */
        Verdict: "useful" | "incomplete" | "off_topic" | "not_my_case" | "unclear" | "wrong";
    };
    responses: {
        /** @description Missing, erased, or not the bearer's; they look alike */
        gone: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too much at once, or something this depends on is out of reach */
        overloaded: {
            headers: {
                /** @description Seconds */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A refusal (RFC 9457); detail says what to do */
        problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description INSEE code of a commune of the town */
        commune: string;
        conversation: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
