import "reflect-metadata";
import {
  Body,
  ConflictException,
  Controller,
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  Param,
  Post,
} from "@nestjs/common";
import { createEngine, type Engine, type EngineOptions, isOncecodeError } from "oncecode";

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

  async publish(campaign: string, customer: string): Promise<readonly string[]> {
    try {
      return (await this.#engine.publications.create({ campaign, customer: { sourceId: customer } })).codes;
    } catch (error) {
      throw isOncecodeError(error) ? new ConflictException({ error: error.code, message: error.message }) : error;
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
  ): Promise<{ readonly codes: readonly string[] }> {
    return { codes: await this.#codes.publish(campaign, body.customer) };
  }
}
