// Made from contract/openapi by `npm run contract`: change it there.
export interface paths {
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["contract"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One answer to one question
         * @description Nothing of the question is kept or logged.
         */
        post: operations["ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new conversation
         * @description The token opens the conversation to whoever has it, and nothing else does: keep it where the visitor's browser keeps its own things. A conversation without a message for some days is erased.
         */
        post: operations["begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["conversation"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Erased for good, answers and judgments too */
        delete: operations["erase"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["conversation"];
            };
            cookie?: never;
        };
        /**
         * The messages after one, in order
         * @description As a page of at most 100, or as a stream of server-sent events when text/event-stream is asked for: id is the seq, event is "message", data one Message. A stream goes on from Last-Event-ID, else from after.
         */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["conversation"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What the citizen thinks of an answer
         * @description Replaces what was said of it before.
         */
        post: operations["judge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["conversation"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What the citizen says, and its answer
         * @description The answer comes once both are stored. After anything else, a broken connection included, send the same again: the same id has one effect and one answer. Personal data that no question needs are masked before storage, and the answer says so.
         */
        post: operations["say"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/transcript": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["conversation"];
            };
            cookie?: never;
        };
        /**
         * The whole conversation, to keep
         * @description As text to read when text/plain is asked for, else as JSON.
         */
        get: operations["transcript"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sheets for some words, best first
         * @description Nothing of the words is kept or logged.
         */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["alive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counters for Prometheus */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** It can serve, perhaps degraded */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/widget/config.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the widget presents itself */
        get: operations["widget"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
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
export interface operations {
    contract: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    ask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Question"];
            };
        };
        responses: {
            /** @description The answer; its status says what kind */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            400: components["responses"]["problem"];
            413: components["responses"]["problem"];
            415: components["responses"]["problem"];
            503: components["responses"]["overloaded"];
            default: components["responses"]["problem"];
        };
    };
    begin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description INSEE code of a commune of the town */
                    commune?: string;
                };
            };
        };
        responses: {
            /** @description It is begun */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Begun"];
                };
            };
            400: components["responses"]["problem"];
            415: components["responses"]["problem"];
            429: components["responses"]["overloaded"];
            503: components["responses"]["overloaded"];
            default: components["responses"]["problem"];
        };
    };
    erase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["conversation"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["gone"];
            429: components["responses"]["overloaded"];
            503: components["responses"]["overloaded"];
            default: components["responses"]["problem"];
        };
    };
    events: {
        parameters: {
            query?: {
                after?: number;
            };
            header?: {
                "Last-Event-ID"?: number;
            };
            path: {
                id: components["parameters"]["conversation"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What follows; an empty list when nothing does yet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        messages: components["schemas"]["Message"][];
                    };
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["problem"];
            404: components["responses"]["gone"];
            429: components["responses"]["overloaded"];
            503: components["responses"]["overloaded"];
            default: components["responses"]["problem"];
        };
    };
    judge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["conversation"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description of the answer */
                    seq: number;
                    verdict: components["schemas"]["Verdict"];
                };
            };
        };
        responses: {
            /** @description Kept */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["problem"];
            404: components["responses"]["gone"];
            415: components["responses"]["problem"];
            429: components["responses"]["overloaded"];
            503: components["responses"]["overloaded"];
            default: components["responses"]["problem"];
        };
    };
    say: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["conversation"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description The id was there already; nothing changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exchange"];
                };
            };
            /** @description Stored and answered */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exchange"];
                };
            };
            400: components["responses"]["problem"];
            404: components["responses"]["gone"];
            /** @description The id was used for another text */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The text is longer than 8 KB, or the conversation than 500 messages */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: components["responses"]["problem"];
            429: components["responses"]["overloaded"];
            503: components["responses"]["overloaded"];
            default: components["responses"]["problem"];
        };
    };
    transcript: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["conversation"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file to download */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transcript"];
                    "text/plain": string;
                };
            };
            404: components["responses"]["gone"];
            429: components["responses"]["overloaded"];
            503: components["responses"]["overloaded"];
            default: components["responses"]["problem"];
        };
    };
    search: {
        parameters: {
            query: {
                /** @description INSEE code of a commune of the town */
                commune?: components["parameters"]["commune"];
                limit?: number;
                q: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found; an empty list when nothing was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        results: components["schemas"]["Result"][];
                    };
                };
            };
            400: components["responses"]["problem"];
            413: components["responses"]["problem"];
            503: components["responses"]["overloaded"];
            default: components["responses"]["problem"];
        };
    };
    alive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        alive: true;
                    };
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text format 0.0.4 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description It cannot */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    widget: {
        parameters: {
            query?: {
                /** @description INSEE code of a commune of the town */
                commune?: components["parameters"]["commune"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Names, colour and first words */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accent: string;
                        /** @description empty when no commune was named */
                        commune_name: string;
                        town: string;
                        welcome: string;
                    };
                };
            };
            400: components["responses"]["problem"];
            429: components["responses"]["overloaded"];
            default: components["responses"]["problem"];
        };
    };
}
