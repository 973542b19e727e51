import "reflect-metadata";
import {
  Body,
  Controller,
  type DynamicModule,
  Headers,
  HttpException,
  Inject,
  Injectable,
  Module,
  Param,
  Post,
} from "@nestjs/common";
import { createEngine, type Engine, type EngineOptions, isOncecodeError } from "oncecode";

/** The status of an error; 400 for all others. The client may send the same request again after 503 and 504. */
const STATUS: Readonly<Record<string, number>> = {
  no_voucher_suitable_for_publication: 409,
  storage_failed: 503,
  outcome_unknown: 504,
};

/** The token of the engine: `constructor(@Inject(ENGINE) engine: Engine)`. */
export const ENGINE = "oncecode engine";

/** `imports: [OncecodeModule.forRoot(async () => ({ repository: await postgresRepository({ pool }) }))]` */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a module of Nest is a class.
export class OncecodeModule {
  static forRoot(options: () => Promise<EngineOptions>): DynamicModule {
    return {
      module: OncecodeModule,
      global: true,
      providers: [{ provide: ENGINE, useFactory: async (): Promise<Engine> => createEngine(await options()) }],
      exports: [ENGINE],
    };
  }
}

/** A service of the shop, which gets the engine. */
@Injectable()
export class CodesService {
  readonly #engine: Engine;

  constructor(@Inject(ENGINE) engine: Engine) {
    this.#engine = engine;
  }

  async publish(campaign: string, customer: string, sourceId: string | null): Promise<readonly string[]> {
    try {
      return (await this.#engine.publications.create({ campaign, customer: { sourceId: customer }, sourceId })).codes;
    } catch (error) {
      if (!isOncecodeError(error)) throw error;
      throw new HttpException({ error: error.code, message: error.message }, STATUS[error.code] ?? 400);
    }
  }
}

/** `POST /campaigns/:campaign/codes` with `{ "customer": "shop-4711" }` publishes a code. */
@Controller("campaigns/:campaign/codes")
export class CodesController {
  readonly #codes: CodesService;

  constructor(@Inject(CodesService) codes: CodesService) {
    this.#codes = codes;
  }

  @Post()
  async create(
    @Param("campaign") campaign: string,
    @Body() body: { readonly customer: string },
    @Headers("idempotency-key") key?: string,
  ): Promise<{ readonly codes: readonly string[] }> {
    return { codes: await this.#codes.publish(campaign, body.customer, key ?? null) };
  }
}
