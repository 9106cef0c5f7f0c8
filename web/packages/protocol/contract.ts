// Made from contract/openapi by `npm run contract`: change it there.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ActOfCitizen: {
            /** @description made by the client */
            id: string;
            /** @description at most 4 KB */
            text?: string;
        };
        Agenda: {
            id: string;
            reasons: {
                asks: {
                    hint: string;
                    id: string;
                    label: string;
                    required: boolean;
                }[];
                bring: string[];
                id: string;
                label: string;
                /** @description of one person */
                minutes: number;
                note: string;
                /** @description who may come together */
                people: number;
                ways: components["schemas"]["Way"][];
                who: string;
            }[];
            service: string;
            title: string;
        };
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
            appointment: components["schemas"]["AnswerAppointment"] | null;
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
        /** @description An appointment that is looked for, held or booked in the conversation. What the text says of it (dates, times, lengths, places) is in here too. */
        AnswerAppointment: {
            access?: string;
            address?: string;
            /** @description what to bring */
            bring?: string[];
            /** Format: date-time */
            end: string | null;
            /** Format: date-time */
            held_until?: string;
            /** @description of the booking; null before a slot is held */
            id: string | null;
            length?: string;
            /** @description the portal's page of the person's own entry of it */
            list?: string;
            note?: string;
            /** @description the portal's page of free slots */
            page?: string;
            people: number;
            phones?: string[];
            place?: string;
            reason?: string;
            /** @description those offered as choices */
            slots?: {
                /** Format: date-time */
                end?: string;
                service?: string;
                /** Format: date-time */
                start: string;
                words: string;
            }[];
            /** Format: date-time */
            start: string | null;
            /** @enum {unknown} */
            state: "wanted" | "held" | "booked" | "displaced" | "arrived" | "seen" | "missed" | "cancelled";
            /** @description the portal's page of the waiting list */
            waiting?: string;
            /** @enum {unknown} */
            way: "in_person" | "phone" | "video";
            /** @description the start in words */
            when?: string;
            who?: string;
        };
        Appointment: {
            agenda: string;
            bring?: string[];
            commune: string;
            /** Format: date-time */
            end: string;
            /** Format: date-time */
            held_until: string | null;
            id: string;
            people: number;
            reason: string;
            service: string;
            /** Format: date-time */
            start: string;
            /** @enum {unknown} */
            state: "held" | "booked" | "displaced" | "arrived" | "seen" | "missed" | "cancelled";
            visitor: components["schemas"]["Visitor"] | null;
            way: components["schemas"]["Way"];
        };
        Ask: {
            /** @description ids of the files that answer it */
            files: string[];
            /** @description sent as the metadata "ask" of a file that answers it */
            id: string;
            label: string;
            /** @description why it is asked for again (returned), or needed no more (waived) */
            said: string;
            /** @enum {unknown} */
            state: "awaited" | "given" | "returned" | "waived";
            /**
             * Format: date
             * @description until when, while it is awaited
             */
            term: string | null;
        };
        Begun: {
            id: string;
            token: string;
            town: string;
            welcome: string;
        };
        BegunCase: {
            token: string;
        } & components["schemas"]["Case"];
        Case: {
            answers: Record<string, never>;
            /** @description Each document that the service asked for, and where it stands */
            asks?: components["schemas"]["Ask"][];
            /** @description why this person cannot apply */
            barred?: string | null;
            commune: string;
            complete?: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date */
            due?: string | null;
            /** @description How a case ended of which nothing was to be decided (state settled): an end of its démarche. Null else */
            end?: null | {
                id: string;
                label: string;
                words: string;
            };
            events?: components["schemas"]["CaseEvent"][];
            faults?: components["schemas"]["Fault"][];
            id: string;
            pages?: Record<string, never>[];
            procedure: string;
            receipt?: components["schemas"]["Receipt"];
            reference?: string;
            /** Format: date-time */
            saved_at: string;
            /** @enum {unknown} */
            state: "draft" | "received" | "examined" | "awaiting" | "accepted" | "refused" | "settled" | "withdrawn" | "transferred" | "closed";
            state_words: string;
            version: number;
        };
        CaseEvent: {
            act: string;
            /** Format: date-time */
            at: string;
            author?: string;
            /** @enum {unknown} */
            by: "citizen" | "agent" | "system";
            /** @description what belongs to the act: of a message that came by mail, "pieces" (files that were taken) and "refused" (each with "name", which may be empty, and "said": why, and what to do); of reject_piece, "pieces" (the file that was handed in and is refused since) */
            more?: Record<string, never>;
            seq: number;
            text?: string;
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
        Fault: {
            /** @description what is wrong and how to mend it, in French */
            message: string;
            /** @description not answered yet */
            missing: boolean;
            path: string;
        };
        File: {
            /** @description path of its question, an item by its name (_id); empty when it was asked for after the deposit */
            field: string;
            /** @description handed in with the deposit or when asked for */
            given: boolean;
            id: string;
            /** @description as it is kept */
            name: string;
            /** @description bytes that are kept */
            offset?: number;
            /** @description why it is refused and what to do, or that its name was changed */
            said: string;
            /** @description bytes that are announced */
            size: number;
            /** @enum {unknown} */
            state: "receiving" | "checking" | "kept" | "waiting" | "refused";
            /** @description by content, once it was looked at */
            type: string;
            /** @description its state in French */
            words: string;
        };
        Handover: {
            /** Format: date-time */
            expires_at: string;
            /** @description a path of this server */
            url: string;
        };
        Message: components["schemas"]["CitizenMessage"] | components["schemas"]["AgentMessage"];
        NewAppointment: {
            token: string;
        } & components["schemas"]["Appointment"];
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
        Procedure: {
            clock: Record<string, never>;
            cost: string;
            documents: Record<string, never>[];
            /** @description without internet */
            other_ways: string[];
            /** @description JSON Schema 2020-12 of the answers */
            schema: Record<string, never>;
            steps: Record<string, never>[];
            version: number;
            /** @description what bars from applying */
            who: string[];
        } & components["schemas"]["ProcedureHead"];
        ProcedureHead: {
            id: string;
            summary: string;
            theme: string;
            title: string;
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
        /** @description The accusé de réception of the law (CRPA, L112-3 and R112-5) */
        Receipt: {
            address: string[];
            answer_by: string;
            appeals: string;
            /** @description As it stands; null when the démarche asks for none, or it is cancelled */
            appointment: null | {
                bring: string[];
                place: string[];
                when: string;
            };
            certificate: string;
            deposited: string;
            /** Format: date-time */
            deposited_at: string;
            email: string;
            other_ways: string[];
            phones: Record<string, never>[];
            reference: string;
            service: string;
            silence: string;
            text: string;
            title: string;
            why: string[];
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
        Slot: {
            /** Format: date-time */
            end: string;
            /** @description where */
            service: string;
            /** Format: date-time */
            start: string;
        };
        TakenProblem: {
            detail?: string;
            next?: components["schemas"]["Slot"][];
            request_id: string;
            /** @constant */
            status: 409;
            title: string;
            type: string;
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
        Visitor: {
            /** @description answers by the ids of asks */
            asked?: {
                [key: string]: string;
            };
            companion?: boolean;
            email: string;
            /** @description the language */
            interpreter?: string;
            name: string;
            note?: string;
            phone?: string;
            sign_language?: boolean;
            step_free?: boolean;
        };
        /** @enum {unknown} */
        Way: "in_person" | "phone" | "video";
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
        /** @description Somebody else was first, or the state does not allow it; next says what is still free */
        taken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["TakenProblem"];
            };
        };
    };
    parameters: {
        appointment: string;
        case: string;
        /** @description INSEE code of a commune of the town */
        commune: string;
        conversation: string;
        file: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
