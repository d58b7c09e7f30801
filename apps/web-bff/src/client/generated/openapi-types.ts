export interface paths {
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The user’s orders, newest first
         * @description A page of orders costs one call to each service, whatever its size. Paging is that of AIP-158.
         */
        get: operations["listOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One order with its payment, its shipment and the shipment’s events
         * @description One round trip for the order page. A payment or shipment that cannot be had in time is left out, and the answer says so. A complete answer has a strong ETag.
         */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An order’s changes as they happen
         * @description Server-sent events. Every event `update` has an `OrderUpdate` as its data: the order page after one change of order, payment or shipment; the first one is the order as it is. Its `id`, sent back as `Last-Event-ID`, resumes after it on any instance: no change is missed and none comes twice. Comments come in between as a sign of life. The stream ends after a while, and when the server stops; clients come back, as an `EventSource` does by itself.
         */
        get: operations["watchOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}:cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancels an order
         * @description Stops the shipment, then voids or refunds the payment. Repeating it is harmless. An order whose parcel is on its way cannot be cancelled (409).
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/checkouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Orders, pays and sends a cart
         * @description Ends whole or not at all. Whoever does not know how a checkout ended repeats it with the same key: it is done once, and every repetition within a day gets the answer of the first.
         */
        post: operations["checkout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in
         * @description Answers from the credential alone; no service is asked.
         */
        get: operations["getMe"];
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
        /** @description The order page. */
        Order: {
            orderId: string;
            /** @enum {string} */
            status: "pending" | "confirmed" | "cancelled";
            /** Format: date-time */
            createTime: string;
            lines: {
                name: string;
                quantity: number;
                /** @description An amount of money in the smallest unit of its currency. */
                unitPrice: {
                    /**
                     * @description ISO 4217 code.
                     * @example EUR
                     */
                    currency: string;
                    /** @description Cents for EUR, yen for JPY. */
                    minorUnits: number;
                };
            }[];
            /** @description An amount of money in the smallest unit of its currency. */
            total: {
                /**
                 * @description ISO 4217 code.
                 * @example EUR
                 */
                currency: string;
                /** @description Cents for EUR, yen for JPY. */
                minorUnits: number;
            };
            shippingAddress: {
                recipient: string;
                street: string;
                postalCode: string;
                city: string;
                /**
                 * @description ISO 3166-1 alpha-2.
                 * @example NL
                 */
                country: string;
            };
            /** @description `null` when there is none, or when `meta.sources` says why it is missing. */
            payment: {
                paymentId: string;
                /** @enum {string} */
                status: "authorised" | "captured" | "voided" | "refunded" | "declined";
                method: {
                    brand: string;
                    lastFour: string;
                };
                /** @description An amount of money in the smallest unit of its currency. */
                amount: {
                    /**
                     * @description ISO 4217 code.
                     * @example EUR
                     */
                    currency: string;
                    /** @description Cents for EUR, yen for JPY. */
                    minorUnits: number;
                };
            } | null;
            /** @description `null` when there is none, or when `meta.sources` says why it is missing. */
            shipment: {
                shipmentId: string;
                /** @enum {string} */
                status: "preparing" | "in_transit" | "out_for_delivery" | "delivered" | "cancelled";
                carrier: string;
                trackingNumber: string;
                /** Format: date-time */
                estimatedDeliveryTime: string;
                /** @description Oldest first. */
                events: {
                    /** @enum {string} */
                    status: "preparing" | "in_transit" | "out_for_delivery" | "delivered" | "cancelled";
                    /** Format: date-time */
                    time: string;
                    place: string;
                }[];
            } | null;
            meta: {
                /** @description What is not as it should be; empty when the answer is complete and fresh. */
                sources: {
                    /**
                     * @example payment
                     * @example shipment
                     */
                    source: string;
                    /**
                     * @description `stale`: the part is there, but old; otherwise it is missing.
                     * @enum {string}
                     */
                    status: "unavailable" | "timeout" | "stale";
                    /** @description Why the part is missing; codes are those of problems. */
                    code?: string;
                }[];
            };
        };
        /** @description The order page with the fields asked for. */
        SparseOrder: {
            orderId?: string;
            /** @enum {string} */
            status?: "pending" | "confirmed" | "cancelled";
            /** Format: date-time */
            createTime?: string;
            lines?: {
                name?: string;
                quantity?: number;
                /** @description An amount of money in the smallest unit of its currency. */
                unitPrice?: {
                    /**
                     * @description ISO 4217 code.
                     * @example EUR
                     */
                    currency: string;
                    /** @description Cents for EUR, yen for JPY. */
                    minorUnits: number;
                };
            }[];
            total?: {
                /**
                 * @description ISO 4217 code.
                 * @example EUR
                 */
                currency?: string;
                /** @description Cents for EUR, yen for JPY. */
                minorUnits?: number;
            };
            shippingAddress?: {
                recipient?: string;
                street?: string;
                postalCode?: string;
                city?: string;
                /**
                 * @description ISO 3166-1 alpha-2.
                 * @example NL
                 */
                country?: string;
            };
            payment?: {
                paymentId?: string;
                /** @enum {string} */
                status?: "authorised" | "captured" | "voided" | "refunded" | "declined";
                method?: {
                    brand: string;
                    lastFour: string;
                };
                /** @description An amount of money in the smallest unit of its currency. */
                amount?: {
                    /**
                     * @description ISO 4217 code.
                     * @example EUR
                     */
                    currency: string;
                    /** @description Cents for EUR, yen for JPY. */
                    minorUnits: number;
                };
            } | null;
            shipment?: {
                shipmentId?: string;
                /** @enum {string} */
                status?: "preparing" | "in_transit" | "out_for_delivery" | "delivered" | "cancelled";
                carrier?: string;
                trackingNumber?: string;
                /** Format: date-time */
                estimatedDeliveryTime?: string;
                /** @description Oldest first. */
                events?: {
                    /** @enum {string} */
                    status: "preparing" | "in_transit" | "out_for_delivery" | "delivered" | "cancelled";
                    /** Format: date-time */
                    time: string;
                    place: string;
                }[];
            } | null;
            meta: {
                /** @description What is not as it should be; empty when the answer is complete and fresh. */
                sources: {
                    /**
                     * @example payment
                     * @example shipment
                     */
                    source: string;
                    /**
                     * @description `stale`: the part is there, but old; otherwise it is missing.
                     * @enum {string}
                     */
                    status: "unavailable" | "timeout" | "stale";
                    /** @description Why the part is missing; codes are those of problems. */
                    code?: string;
                }[];
            };
        };
        /** @description A page of orders, newest first. */
        OrderPage: {
            orders: {
                orderId: string;
                /** @enum {string} */
                status: "pending" | "confirmed" | "cancelled";
                /** Format: date-time */
                createTime: string;
                /** @description Pieces, over all lines. */
                itemCount: number;
                /** @description An amount of money in the smallest unit of its currency. */
                total: {
                    /**
                     * @description ISO 4217 code.
                     * @example EUR
                     */
                    currency: string;
                    /** @description Cents for EUR, yen for JPY. */
                    minorUnits: number;
                };
                /** @description `null` when there is none, or when `meta.sources` says why it is missing. */
                payment: {
                    /** @enum {string} */
                    status: "authorised" | "captured" | "voided" | "refunded" | "declined";
                } | null;
                /** @description `null` when there is none, or when `meta.sources` says why it is missing. */
                shipment: {
                    /** @enum {string} */
                    status: "preparing" | "in_transit" | "out_for_delivery" | "delivered" | "cancelled";
                    /** Format: date-time */
                    estimatedDeliveryTime: string;
                } | null;
            }[];
            /** @description `null` on the last page. */
            nextPageToken: string | null;
            meta: {
                /** @description What is not as it should be; empty when the answer is complete and fresh. */
                sources: {
                    /**
                     * @example payment
                     * @example shipment
                     */
                    source: string;
                    /**
                     * @description `stale`: the part is there, but old; otherwise it is missing.
                     * @enum {string}
                     */
                    status: "unavailable" | "timeout" | "stale";
                    /** @description Why the part is missing; codes are those of problems. */
                    code?: string;
                }[];
            };
        };
        /** @description A page of orders with the fields asked for. */
        SparseOrderPage: {
            orders: {
                orderId?: string;
                /** @enum {string} */
                status?: "pending" | "confirmed" | "cancelled";
                /** Format: date-time */
                createTime?: string;
                /** @description Pieces, over all lines. */
                itemCount?: number;
                total?: {
                    /**
                     * @description ISO 4217 code.
                     * @example EUR
                     */
                    currency?: string;
                    /** @description Cents for EUR, yen for JPY. */
                    minorUnits?: number;
                };
                payment?: {
                    /** @enum {string} */
                    status?: "authorised" | "captured" | "voided" | "refunded" | "declined";
                } | null;
                shipment?: {
                    /** @enum {string} */
                    status?: "preparing" | "in_transit" | "out_for_delivery" | "delivered" | "cancelled";
                    /** Format: date-time */
                    estimatedDeliveryTime?: string;
                } | null;
            }[];
            /** @description `null` on the last page. */
            nextPageToken: string | null;
            meta: {
                /** @description What is not as it should be; empty when the answer is complete and fresh. */
                sources: {
                    /**
                     * @example payment
                     * @example shipment
                     */
                    source: string;
                    /**
                     * @description `stale`: the part is there, but old; otherwise it is missing.
                     * @enum {string}
                     */
                    status: "unavailable" | "timeout" | "stale";
                    /** @description Why the part is missing; codes are those of problems. */
                    code?: string;
                }[];
            };
        };
        /** @description The data of an event: the order page after a change. */
        OrderUpdate: {
            /** @description What is new; empty in an update that is the order as it was found. */
            changed: ("order" | "payment" | "shipment")[];
            order: {
                orderId: string;
                /** @enum {string} */
                status: "pending" | "confirmed" | "cancelled";
                /** Format: date-time */
                createTime: string;
                lines: {
                    name: string;
                    quantity: number;
                    /** @description An amount of money in the smallest unit of its currency. */
                    unitPrice: {
                        /**
                         * @description ISO 4217 code.
                         * @example EUR
                         */
                        currency: string;
                        /** @description Cents for EUR, yen for JPY. */
                        minorUnits: number;
                    };
                }[];
                /** @description An amount of money in the smallest unit of its currency. */
                total: {
                    /**
                     * @description ISO 4217 code.
                     * @example EUR
                     */
                    currency: string;
                    /** @description Cents for EUR, yen for JPY. */
                    minorUnits: number;
                };
                shippingAddress: {
                    recipient: string;
                    street: string;
                    postalCode: string;
                    city: string;
                    /**
                     * @description ISO 3166-1 alpha-2.
                     * @example NL
                     */
                    country: string;
                };
                /** @description `null` when there is none, or when `meta.sources` says why it is missing. */
                payment: {
                    paymentId: string;
                    /** @enum {string} */
                    status: "authorised" | "captured" | "voided" | "refunded" | "declined";
                    method: {
                        brand: string;
                        lastFour: string;
                    };
                    /** @description An amount of money in the smallest unit of its currency. */
                    amount: {
                        /**
                         * @description ISO 4217 code.
                         * @example EUR
                         */
                        currency: string;
                        /** @description Cents for EUR, yen for JPY. */
                        minorUnits: number;
                    };
                } | null;
                /** @description `null` when there is none, or when `meta.sources` says why it is missing. */
                shipment: {
                    shipmentId: string;
                    /** @enum {string} */
                    status: "preparing" | "in_transit" | "out_for_delivery" | "delivered" | "cancelled";
                    carrier: string;
                    trackingNumber: string;
                    /** Format: date-time */
                    estimatedDeliveryTime: string;
                    /** @description Oldest first. */
                    events: {
                        /** @enum {string} */
                        status: "preparing" | "in_transit" | "out_for_delivery" | "delivered" | "cancelled";
                        /** Format: date-time */
                        time: string;
                        place: string;
                    }[];
                } | null;
            };
            meta: {
                /** @description What is not as it should be; empty when the answer is complete and fresh. */
                sources: {
                    /**
                     * @example payment
                     * @example shipment
                     */
                    source: string;
                    /**
                     * @description `stale`: the part is there, but old; otherwise it is missing.
                     * @enum {string}
                     */
                    status: "unavailable" | "timeout" | "stale";
                    /** @description Why the part is missing; codes are those of problems. */
                    code?: string;
                }[];
            };
        };
        /** @description A cart to be ordered, paid and sent. */
        CheckoutRequest: {
            lines: {
                sku: string;
                name: string;
                quantity: number;
                unitPrice: {
                    currency: string;
                    minorUnits: number;
                };
            }[];
            shippingAddress: {
                recipient: string;
                street: string;
                postalCode: string;
                city: string;
                country: string;
            };
            /** @description The payment provider’s token for the card; never the card itself. */
            methodToken: string;
        };
        /** @description Who is signed in. */
        Me: {
            /** @description The user’s stable id. */
            subject: string;
            /**
             * @example [
             *       "support"
             *     ]
             */
            roles: string[];
        };
        /** @description An error (RFC 9457). */
        Problem: {
            /** @constant */
            type: "about:blank";
            title: string;
            status: number;
            /** @description What happened, in words for a person. */
            detail: string;
            /**
             * @description The stable name of the error, for programs: `invalid_argument`, `unauthenticated`, `permission_denied`, `not_found`, `conflict`, `failed_precondition`, `idempotency_key_reused`, `resource_exhausted`, `cancelled`, `deadline_exceeded`, `upstream_failed`, `unavailable`, `unimplemented`, `internal`.
             * @example not_found
             */
            code: string;
            /** @description Names the request in the logs. */
            requestId?: string;
            /** @description Every fault of the request: a parameter, a header, or the path of a field in the body. */
            errors?: {
                field: string;
                message: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listOrders: {
        parameters: {
            query?: {
                /** @description 0, or none, for the default of 20; more than 100 gives 100. */
                pageSize?: number;
                /** @description `nextPageToken` of the page before, with the same `status`. */
                pageToken?: string;
                /** @description Only orders in this state. */
                status?: "pending" | "confirmed" | "cancelled";
                /** @description Only these fields. What belongs to the fields left out is not fetched. */
                fields?: ("orderId" | "status" | "createTime" | "itemCount" | "total" | "total.currency" | "total.minorUnits" | "payment" | "payment.status" | "shipment" | "shipment.status" | "shipment.estimatedDeliveryTime")[];
            };
            header?: {
                /** @description Tags of answers that the client has; 304 when one of them is still right. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; `SparseOrderPage` when `fields` was given. */
            200: {
                headers: {
                    /** @description `false` when a part is missing that was asked for. */
                    "X-Completed": string;
                    /** @description `private, no-cache`; `no-store` for an answer that lacks a part, and for whoever comes with a session. */
                    "Cache-Control": string;
                    /** @description Request headers that the answer depends on. */
                    Vary: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPage"] | components["schemas"]["SparseOrderPage"];
                };
            };
            /** @description What the client has is still right. No body. */
            304: {
                headers: {
                    /** @description The tag that matched. */
                    ETag: string;
                    /** @description Request headers that the answer depends on. */
                    Vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not as it must be; `errors` names every fault. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    /** @description How to authenticate. */
                    "WWW-Authenticate": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The access token lacks the scope, `orders:read` or `orders:write`; or a session’s request that another site’s page may have sent. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than one user may make. */
            429: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    /** @description What is left, and until when. */
                    RateLimit: string;
                    /** @description The limit. */
                    "RateLimit-Policy": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A service that is needed for the answer failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no room for the request at the moment. */
            503: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A service that is needed for the answer did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOrder: {
        parameters: {
            query?: {
                /** @description Only these fields. What belongs to the fields left out is not fetched. */
                fields?: ("orderId" | "status" | "createTime" | "lines" | "lines.name" | "lines.quantity" | "lines.unitPrice" | "total" | "total.currency" | "total.minorUnits" | "shippingAddress" | "shippingAddress.recipient" | "shippingAddress.street" | "shippingAddress.postalCode" | "shippingAddress.city" | "shippingAddress.country" | "payment" | "payment.paymentId" | "payment.status" | "payment.method" | "payment.amount" | "shipment" | "shipment.shipmentId" | "shipment.status" | "shipment.carrier" | "shipment.trackingNumber" | "shipment.estimatedDeliveryTime" | "shipment.events")[];
            };
            header?: {
                /** @description Tags of answers that the client has; 304 when one of them is still right. */
                "If-None-Match"?: string;
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order; `SparseOrder` when `fields` was given. */
            200: {
                headers: {
                    /** @description `false` when a part is missing that was asked for. */
                    "X-Completed": string;
                    /** @description `private, no-cache`; `no-store` for an answer that lacks a part, and for whoever comes with a session. */
                    "Cache-Control": string;
                    /** @description Request headers that the answer depends on. */
                    Vary: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"] | components["schemas"]["SparseOrder"];
                };
            };
            /** @description What the client has is still right. No body. */
            304: {
                headers: {
                    /** @description The tag that matched. */
                    ETag: string;
                    /** @description Request headers that the answer depends on. */
                    Vary: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not as it must be; `errors` names every fault. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    /** @description How to authenticate. */
                    "WWW-Authenticate": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The access token lacks the scope, `orders:read` or `orders:write`; or a session’s request that another site’s page may have sent. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order, or it is another customer’s. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than one user may make. */
            429: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    /** @description What is left, and until when. */
                    RateLimit: string;
                    /** @description The limit. */
                    "RateLimit-Policy": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A service that is needed for the answer failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no room for the request at the moment. */
            503: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A service that is needed for the answer did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was read. */
                "Last-Event-ID"?: string;
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events, until one side ends it. */
            200: {
                headers: {
                    /** @description `no-store, no-transform`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request is not as it must be; `errors` names every fault. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    /** @description How to authenticate. */
                    "WWW-Authenticate": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The access token lacks the scope, `orders:read` or `orders:write`; or a session’s request that another site’s page may have sent. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order, or it is another customer’s. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than one user may make. */
            429: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    /** @description What is left, and until when. */
                    RateLimit: string;
                    /** @description The limit. */
                    "RateLimit-Policy": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This is not offered here. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A service that is needed for the answer failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no room for the request at the moment. */
            503: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order as it is now. */
            200: {
                headers: {
                    /** @description `no-store`. */
                    "Cache-Control": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The request is not as it must be; `errors` names every fault. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    /** @description How to authenticate. */
                    "WWW-Authenticate": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The access token lacks the scope, `orders:read` or `orders:write`; or a session’s request that another site’s page may have sent. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order, or it is another customer’s. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is right, but what it is about is not in a state for it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than one user may make. */
            429: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    /** @description What is left, and until when. */
                    RateLimit: string;
                    /** @description The limit. */
                    "RateLimit-Policy": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A service that is needed for the answer failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no room for the request at the moment. */
            503: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A service that is needed for the answer did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkout: {
        parameters: {
            query?: never;
            header: {
                /** @description Names this checkout among those of the user. At most 255 printable ASCII characters. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckoutRequest"];
            };
        };
        responses: {
            /** @description The order was placed: now, or when this key was used first. */
            201: {
                headers: {
                    /** @description Where the order is. */
                    Location: string;
                    /** @description `true` when this is the answer of an earlier request. */
                    "Idempotency-Replayed": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The request is not as it must be; `errors` names every fault. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    /** @description How to authenticate. */
                    "WWW-Authenticate": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The access token lacks the scope, `orders:read` or `orders:write`; or a session’s request that another site’s page may have sent. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is right, but what it is about is not in a state for it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The idempotency key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than one user may make. */
            429: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    /** @description What is left, and until when. */
                    RateLimit: string;
                    /** @description The limit. */
                    "RateLimit-Policy": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A service that is needed for the answer failed. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no room for the request at the moment. */
            503: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A service that is needed for the answer did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description The request is not as it must be; `errors` names every fault. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid credential. */
            401: {
                headers: {
                    /** @description How to authenticate. */
                    "WWW-Authenticate": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than one user may make. */
            429: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    /** @description What is left, and until when. */
                    RateLimit: string;
                    /** @description The limit. */
                    "RateLimit-Policy": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no room for the request at the moment. */
            503: {
                headers: {
                    /** @description Seconds after which another try makes sense. */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
